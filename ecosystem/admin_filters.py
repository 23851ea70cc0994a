"""Filters of lists by a code that has words."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise


class WordFilter(admin.SimpleListFilter):
    """By a column that holds codes; subclasses say which words they have."""

    def words(self) -> Iterable[tuple[str, str | Promise]]:
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str | Promise]]:
        return list(self.words())

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        chosen = self.value()
        return queryset.filter(**{self.parameter_name: chosen}) if chosen else queryset
