"""What a wish finds in the catalogue: how many of each kind, and any stretch of the elements, best first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When

from catalogue.selectors import SHOWN_KINDS, visible_elements
from ecosystem.models import Element
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import ElementKind, element_kinds
from ecosystem.search import hits


@dataclass(frozen=True)
class Facet:
    kind: ElementKind
    count: int
    current: bool


class Finding:
    """The elements that match words, kind and tag; a sequence as Django's paginator wants it.

    Without words the courses come first, then by title. With words there are at most ``search.MAX_HITS``, so what is
    counted and ordered here is never long.
    """

    def __init__(self, *, text: str = "", kind: str = "", tag: str = "") -> None:
        self.text, self.kind, self.tag = text.strip(), kind, tag

    @cached_property
    def _ranked(self) -> list[tuple[int, str]]:
        """(id, kind) of what the words find, best first."""
        ids = hits(text=self.text)
        if self.tag:
            rows = visible_elements().filter(tags__contains=[self.tag], pk__in=ids).values_list("pk", "kind")
            kinds = dict(rows)
        else:
            kinds = dict(_kinds_among(ids=ids))
        return [(pk, kinds[pk]) for pk in ids if pk in kinds]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of each kind the words and the tag find."""
        if self.text:
            return dict(Counter(kind for _pk, kind in self._ranked))
        return dict(_tagged_counts(self.tag) if self.tag else _counts())

    def facets(self) -> list[Facet]:
        return [
            Facet(element_kinds[key], self.counts[key], key == self.kind) for key in SHOWN_KINDS if self.counts.get(key)
        ]

    def count(self) -> int:
        return self.counts.get(self.kind, 0) if self.kind else sum(self.counts.values())

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, stretch: slice) -> list[Element]:
        if self.text:
            ids = [pk for pk, kind in self._ranked if self.kind in ("", kind)][stretch]
            found = {element.pk: element for element in _elements(ids=ids)}
            return [found[pk] for pk in ids if pk in found]
        rows = visible_elements()
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.tag:
            rows = rows.filter(tags__contains=[self.tag])
        by_kind = Case(
            *(When(kind=kind, then=Value(at)) for at, kind in enumerate(SHOWN_KINDS)), output_field=IntegerField()
        )
        return list(rows.order_by(by_kind, "title", "pk")[stretch])


def _counted(rows: QuerySet[Element]) -> QuerySet[Element, tuple[str, int]]:
    return rows.values_list("kind").annotate(n=Count("pk")).order_by()


@prepared
def _counts() -> QuerySet[Element, tuple[str, int]]:
    return _counted(visible_elements())


def _tagged_counts(tag: str) -> list[Any]:
    return list(_counted(visible_elements().filter(tags__contains=[tag])))


@prepared
def _kinds_among(*, ids: Given) -> QuerySet[Element, tuple[int, str]]:
    return visible_elements().filter(Among("pk", ids)).values_list("pk", "kind")


@prepared
def _elements(*, ids: Given) -> QuerySet[Element]:
    return Element.objects.filter(Among("pk", ids))
