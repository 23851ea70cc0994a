"""Conditions of other apps, judged as those of a course are, for somebody who need not be in any course."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from courses.conditions import holds, missing, problems
from courses.conditions.trees import whole
from courses.conditions.wording import LockWords
from courses.learning.facts import Asked, FactsOf, names_for
from ecosystem import clock
from ecosystem.conditions import Judge
from ecosystem.predicates import Facts, sources


def asked(tree: Any) -> str:
    return LockWords(names=names_for(trees=[tree])).clause(whole(tree))


def lacking(tree: Any, person_id: int) -> str:
    facts = _facts(tree, [person_id])[person_id]
    found = missing(tree, facts=facts)
    return "" if found is None else LockWords(names=names_for(trees=[tree]), facts=facts).clause(found)


def ways(tree: Any, person_id: int) -> list[int]:
    found = missing(tree, facts=_facts(tree, [person_id])[person_id])
    leaves = () if found is None else found.leaves
    return list(dict.fromkeys(pk for leaf in leaves if not leaf.negated for pk in leaf.elements))


def unmet(tree: Any, person_ids: Collection[int]) -> set[int]:
    return {person for person, facts in _facts(tree, person_ids).items() if not holds(tree, facts=facts)}


def _facts(tree: Any, person_ids: Collection[int]) -> dict[int, Facts]:
    """Nothing is released by hand, and no course has begun: what asks for that does not hold."""
    known = FactsOf(person_ids=person_ids, asked=Asked.by([tree]), at=clock.now())
    return {
        person: Facts(
            at=known.at,
            zone=known.zone,
            known={source: found.get(person, sources[source].nothing) for source, found in known.loaded.items()},
        )
        for person in person_ids
    }


JUDGE = Judge(problems, asked, lacking, ways, unmet)
