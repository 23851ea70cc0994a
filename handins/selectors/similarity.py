"""What whoever marks sees of hand-ins that are alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from ecosystem.models import Membership
from handins.computations.shingles import RUN, Word, passages, shingles_of, words_of
from handins.models import Fingerprint, OutsideReport, Round, RoundState, Similarity
from handins.selectors.queue import rounds_for

AROUND, MOST_PASSAGES = 12, 40


@dataclass(frozen=True)
class Similar:
    """``percent`` of the words are also in ``other``; None: in work that this person does not mark."""

    uid: UUID
    percent: int
    other: Round | None


@dataclass(frozen=True)
class Hints:
    """Of this environment, the most alike first; and of services outside."""

    own: list[Similar] = field(default_factory=list)
    outside: list[OutsideReport] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.own or self.outside)


@dataclass(frozen=True)
class Cut:
    """A passage with some words before and after it."""

    before: str
    words: str
    after: str


@dataclass(frozen=True)
class Pair:
    """The same words in both; ``words`` says how many."""

    words: int
    here: Cut
    there: Cut


def hints_of(round: Round, by: Membership) -> Hints:
    """Three queries, however many there are."""
    rows = Similarity.objects.filter(fingerprint__round=round).exclude(other__round__state=RoundState.DRAFT)
    found = list(rows.order_by("-share", "pk").values_list("uid", "share", "other__round_id"))
    marked = rounds_for(by).in_bulk([pk for _uid, _share, pk in found]) if found else {}
    own = [Similar(uid, percent_of(share), marked.get(pk)) for uid, share, pk in found]
    return Hints(own, list(OutsideReport.objects.filter(round=round).order_by("service")))


def percent_of(share: float) -> int:
    """Nothing that is there is 0 %, and only all of it is 100 %."""
    return max(1, min(int(share * 100 + 1e-6), 100))


def pairs_of(round: Round, other: Round) -> list[Pair]:
    """What the two have in common, the longest passages, in the order of the first; none when they are not alike any more."""
    here, there = (Fingerprint.objects.filter(round=one).first() for one in (round, other))
    if here is None or there is None:
        return []
    shared = set(here.shingles).intersection(there.shingles)
    mine, theirs = words_of(here.text), words_of(there.text)
    ours = shingles_of(mine, salt=here.environment_id)
    places: dict[int, int] = {}
    for place, shingle in enumerate(shingles_of(theirs, salt=here.environment_id)):
        places.setdefault(shingle, place)
    found = sorted(passages(mine, ours, shared), key=lambda one: -one.words)[:MOST_PASSAGES]
    pairs = []
    for one in sorted(found, key=lambda one: one.start):
        begins = next(place for place, word in enumerate(mine) if word.start == one.start)
        pairs.append(
            Pair(
                one.words,
                _cut(here.text, mine, begins, one.words),
                _cut(there.text, theirs, places[one.first], one.words),
            )
        )
    return pairs


def _cut(text: str, words: list[Word], first: int, count: int) -> Cut:
    last = min(first + max(count, RUN), len(words)) - 1
    begin, end = max(first - AROUND, 0), min(last + AROUND, len(words) - 1)
    start, stop = words[first].start, words[last].end
    return Cut(text[words[begin].start : start], text[start:stop], text[stop : words[end].end])
