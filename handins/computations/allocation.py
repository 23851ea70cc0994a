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


class _Filling:
    """What there is, and what is added to it."""

    def __init__(self, works: Mapping[int, Collection[int]], had: set[Pair], never: set[Pair]) -> None:
        self.works, self.taken, self.made = works, had | never, list[Pair]()
        self.own = {person: work for work, people in works.items() for person in people}
        self.given = Counter(person for _work, person in had)
        self.got = Counter(work for work, _person in had)
        self.met = {(self.own[person], work) for work, person in had if person in self.own}

    def is_free(self, work: int, person: int) -> bool:
        return person not in self.works[work] and (work, person) not in self.taken

    def is_mutual(self, work: int, person: int) -> bool:
        """Its maker reviews the work of this person already."""
        return person in self.own and (work, self.own[person]) in self.met

    def add(self, work: int, person: int) -> None:
        self.made.append((work, person))
        self.taken.add((work, person))
        self.given[person] += 1
        self.got[work] += 1
        if person in self.own:
            self.met.add((self.own[person], work))


def _filled(
    works: Mapping[int, Collection[int]],
    reviewers: Collection[int],
    had: set[Pair],
    never: set[Pair],
    each: int,
    seed: int,
) -> list[Pair]:
    lot = random.Random(seed)  # noqa: S311 -- see above
    state, people, rows = _Filling(works, had, never), sorted(reviewers), sorted(works)
    lot.shuffle(people)
    lot.shuffle(rows)
    for work in _rounds(rows, each):
        free = [one for one in people if state.got[work] < each and state.is_free(work, one)]
        if free:
            state.add(work, min(free, key=lambda one: (state.given[one], state.is_mutual(work, one))))
    for person in _rounds(people, each):
        left = [one for one in rows if state.given[person] < each and state.is_free(one, person)]
        if left:
            state.add(min(left, key=lambda one: (state.got[one], state.is_mutual(one, person))), person)
    return state.made


def _rounds(rows: Sequence[int], times: int) -> Iterable[int]:
    """All of them once, then all again: nobody gets their third before another has a first."""
    return (one for _time in range(times) for one in rows)
