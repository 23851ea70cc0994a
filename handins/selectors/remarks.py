"""Remarks as they stand beside the work: numbered in the order of the text, and never in each other's way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from django.db.models import Q

from handins.models import HandinPage, Remark, Round, RoundState
from handins.selectors.rounds import RoundShown


@dataclass(frozen=True)
class Piece:
    """Words of the text from ``start`` on; ``ends`` are the numbers of the remarks that end with them."""

    start: int
    text: str
    is_marked: bool
    ends: tuple[int, ...]


@dataclass(frozen=True)
class Pin:
    """A remark on a page, in points of its picture."""

    number: int
    left: int
    top: int


@dataclass(frozen=True)
class PinnedPage:
    """A page with the remarks on it; ``first`` of them has the file, with the name under which it is shown."""

    page: HandinPage
    first: Remark
    pins: list[Pin]


@dataclass
class Remarked:
    """``pieces`` make the text; ``remarks`` are numbered from 1, those on pages of files last; ``pages`` have some on them."""

    pieces: list[Piece] = field(default_factory=list)
    remarks: list[tuple[int, Remark]] = field(default_factory=list)
    pages: list[PinnedPage] = field(default_factory=list)


def remarks_of(shown: Iterable[RoundShown], *, for_reviewer: bool, only: Q | None = None) -> dict[int, Remarked]:
    """By the id of the round; two queries. Learners see those of released rounds; ``only`` narrows it further."""
    rounds = [one.round for one in shown]
    visible = [row.pk for row in rounds if for_reviewer or row.state == RoundState.RETURNED]
    by_round: dict[int, list[Remark]] = {}
    for remark in Remark.objects.filter(only or Q(), round__in=visible).select_related("by", "file").order_by("pk"):
        by_round.setdefault(remark.round_id, []).append(remark)
    files = {one.file_id for found in by_round.values() for one in found if one.x is not None}
    shown = (
        {(page.file_id, page.number): page for page in HandinPage.objects.filter(file__in=files).select_related("file")}
        if files
        else {}
    )
    return {row.pk: _remarked(row, by_round.get(row.pk, []), shown) for row in rounds}


def _remarked(round: Round, found: list[Remark], shown: dict[tuple[int, int], HandinPage]) -> Remarked:
    places = {remark.pk: place_of(remark, round.text) for remark in found}
    last = len(round.text) + 1  # whatever has no place in the text comes behind it
    ordered = sorted(found, key=lambda one: (places[one.pk] or (last, last), one.file_id or 0, one.page or 0, one.pk))
    numbered = list(enumerate(ordered, start=1))
    spans = [(*place, number) for number, remark in numbered if (place := places[remark.pk])]
    return Remarked(pieces_of(round.text, spans), numbered, _pinned(numbered, shown))


def _pinned(numbered: list[tuple[int, Remark]], shown: dict[tuple[int, int], HandinPage]) -> list[PinnedPage]:
    """In the order of the remarks."""
    pinned: dict[int, PinnedPage] = {}
    for number, remark in numbered:
        page = shown.get((remark.file_id, remark.page)) if remark.x is not None else None
        if page is not None:
            one = pinned.setdefault(page.pk, PinnedPage(page, remark, []))
            one.pins.append(Pin(number, int(remark.x * page.width), int(remark.y * page.height)))
    return list(pinned.values())


def on_page(remarked: Remarked, *, file_id: int, number: int) -> Remarked:
    """Only what is about this page, with the numbers that it has in all of the work."""
    pages = [one for one in remarked.pages if (one.page.file_id, one.page.number) == (file_id, number)]
    here = [(n, one) for n, one in remarked.remarks if (one.file_id, one.page) == (file_id, number)]
    return Remarked(remarks=here, pages=pages)


def place_of(remark: Remark, text: str) -> tuple[int, int] | None:
    """Where the quoted words stand: where they did, else where they do now, else nowhere."""
    if remark.start is None:
        return None
    start = remark.start
    if text[start : start + len(remark.quote)] != remark.quote:
        start = text.find(remark.quote)
    return (start, start + len(remark.quote)) if start >= 0 else None


def pieces_of(text: str, spans: list[tuple[int, int, int]]) -> list[Piece]:
    """The text cut wherever a span (start, end, number) begins or ends, so that spans may overlap."""
    cuts = sorted({0, len(text), *(start for start, _end, _number in spans), *(end for _start, end, _number in spans)})
    pieces = []
    for start, end in pairwise(cuts):
        is_marked = any(begin <= start and end <= stop for begin, stop, _number in spans)
        ends = tuple(sorted(number for _begin, stop, number in spans if stop == end))
        pieces.append(Piece(start, text[start:end], is_marked, ends))
    return pieces
