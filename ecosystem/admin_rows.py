"""A page of a list of the admin: its rows first, then what they point at.

Django joins whatever a row points at to all rows that fit, before it sorts them and keeps a page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import InvalidPage
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest


class ScopedChangeList(ChangeList):
    """Reads the rows of the page first, then what they point at, each once; counts only what is longer than a page."""

    def get_results(self, request: HttpRequest) -> None:
        """As Django's, which counts first, for lists without ``show_full_result_count``."""
        paths = self.list_select_related if isinstance(self.list_select_related, list | tuple) else ()
        rows = self.queryset.select_related(None) if paths else self.queryset
        size = self.list_per_page
        self.paginator = self.model_admin.get_paginator(request, rows, size)
        first = list(rows[: size + 1]) if self.page_num == 1 else None
        if first is not None and len(first) <= size:
            self.paginator.count = len(first)
        self.result_count = self.paginator.count
        self.show_full_result_count, self.full_result_count, self.show_admin_actions = False, None, True
        self.can_show_all = self.result_count <= self.list_max_show_all
        self.multi_page = self.result_count > size
        everything = not self.multi_page or (self.show_all and self.can_show_all)
        if first is not None and not (everything and self.multi_page):
            found = first[:size]
        else:
            found = list(rows) if everything else self._of_page()
        self.result_list = with_related(found, paths)

    def _of_page(self) -> list[Any]:
        try:
            return list(self.paginator.page(self.page_num).object_list)
        except InvalidPage as reason:
            raise IncorrectLookupParameters from reason


def with_related(rows: list[Any], paths: Iterable[str]) -> list[Any]:
    """``select_related(*paths)`` of rows that were read: one query a model that they point at.

    Also as there, a row is left out when it must point at something and that is not to be seen here.
    """
    if not rows:
        return rows
    onward: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        name, _sep, rest = path.partition(LOOKUP_SEP)
        onward[name].extend([rest] if rest else [])
    fields = {name: rows[0]._meta.get_field(name) for name in onward}
    wanted: dict[Any, set[Any]] = defaultdict(set)
    beyond: dict[Any, list[str]] = defaultdict(list)
    for name, field in fields.items():
        wanted[field.related_model] |= {key for row in rows if (key := getattr(row, field.attname)) is not None}
        beyond[field.related_model] += onward[name]
    found = {
        model: {one.pk: one for one in with_related(list(model.objects.in_bulk(keys).values()), beyond[model])}
        for model, keys in wanted.items()
    }
    return [row for row in rows if all(_pointed(row, field, found[field.related_model]) for field in fields.values())]


def _pointed(row: Any, field: Any, found: dict[Any, Any]) -> bool:
    one = found.get(getattr(row, field.attname))
    field.set_cached_value(row, one)
    return one is not None or field.null
