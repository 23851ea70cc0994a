"""Who reviews whose work: pure, and the same for the same seed.

At first everybody stands in a ring in an order drawn by lot and reviews the next ``each`` works; so each work gets as many
reviews as each person gives, and nobody reviews a work whose maker reviews theirs as long as there are more than twice as many
works as reviews each. Of a team, each member begins where the one before has stopped. Later (somebody comes late, or drops out)
what there is stays, and what is missing goes to whoever has the fewest.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

Pair = tuple[int, int]


def pairs_missing(
    *,
    works: Mapping[int, Collection[int]],
    reviewers: Collection[int],
    existing: Iterable[Pair] = (),
    barred: Iterable[Pair] = (),
    each: int,
    seed: int,
) -> list[Pair]:
    """The (work, reviewer) pairs to add. ``works``: the people of each work. ``barred`` pairs are never made.

    Afterwards each work has ``each`` reviewers and each reviewer that many works, or all that there are; where the two do not
    fit, more is asked of whoever has the fewest.
    """
    had, never = set(existing), set(barred)
    makers = {person for people in works.values() for person in people}
    if not had and not never and makers == set(reviewers):
        return _ring(works, each, seed)
    return _filled(works, reviewers, had, never, each, seed)


def _ring(works: Mapping[int, Collection[int]], each: int, seed: int) -> list[Pair]:
    order = sorted(works)
    random.Random(seed).shuffle(order)  # noqa: S311 -- a draw that can be done again, no secret
    others = len(order) - 1
    made: list[Pair] = []
    seen: set[Pair] = set()
    for at, work in enumerate(order):
        for member, person in enumerate(sorted(works[work])):
            for step in range(min(each, others)):
                other = order[(at + 1 + (member * each + step) % others) % len(order)]
                if (other, person) not in seen and person not in works[other]:
                    seen.add((other, person))
                    made.append((other, person))
    return made


def _filled(
    works: Mapping[int, Collection[int]],
    reviewers: Collection[int],
    had: set[Pair],
    never: set[Pair],
    each: int,
    seed: int,
) -> list[Pair]:
    lot = random.Random(seed)  # noqa: S311 -- see above
    given = Counter(person for _work, person in had)
    got = Counter(work for work, _person in had)
    taken = had | never
    own = {person: work for work, people in works.items() for person in people}
    reviewed_by: dict[int, set[int]] = {}  # the works whose makers review this work
    for work, person in had:
        if person in own:
            reviewed_by.setdefault(work, set()).add(own[person])
    people, rows = sorted(reviewers), sorted(works)
    lot.shuffle(people)
    lot.shuffle(rows)
    made: list[Pair] = []

    def is_free(work: int, person: int) -> bool:
        return person not in works[work] and (work, person) not in taken

    def is_mutual(work: int, person: int) -> bool:
        return person in own and work in reviewed_by.get(own[person], ())

    def add(work: int, person: int) -> None:
        made.append((work, person))
        taken.add((work, person))
        given[person] += 1
        got[work] += 1
        if person in own:
            reviewed_by.setdefault(work, set()).add(own[person])

    for work in _rounds(rows, each):
        if got[work] < each and (free := [one for one in people if is_free(work, one)]):
            add(work, min(free, key=lambda one: (given[one], is_mutual(work, one))))
    for person in _rounds(people, each):
        if given[person] < each and (open_ones := [one for one in rows if is_free(one, person)]):
            add(min(open_ones, key=lambda one: (got[one], is_mutual(one, person))), person)
    return made


def _rounds(rows: Sequence[int], times: int) -> Iterable[int]:
    """All of them once, then all again: nobody gets their third before another has a first."""
    return (one for _time in range(times) for one in rows)
