"""Conditions of other apps, judged as those of a course are, for somebody who need not be in any course."""

from __future__ import annotations

from typing import Any

from courses.conditions import missing, problems
from courses.conditions.trees import whole
from courses.conditions.wording import LockWords
from courses.learning.facts import Asked, FactsOf, names_for
from ecosystem import clock
from ecosystem.conditions import Judge
from ecosystem.predicates import Facts, sources


def asked(tree: Any) -> str:
    return LockWords(names=names_for(trees=[tree])).clause(whole(tree))


def lacking(tree: Any, person_id: int) -> str:
    """Nothing is released by hand, and no course has begun: what asks for that does not hold."""
    known = FactsOf(person_ids=[person_id], asked=Asked.by([tree]), at=clock.now())
    told = {source: found.get(person_id, sources[source].nothing) for source, found in known.loaded.items()}
    facts = Facts(at=known.at, zone=known.zone, known=told)
    found = missing(tree, facts=facts)
    return "" if found is None else LockWords(names=names_for(trees=[tree]), facts=facts).clause(found)


JUDGE = Judge(problems, asked, lacking)
