"""What may stand behind the ? of an address: nothing is ignored, so that nobody takes a whole list for a filtered one.

A name that a route does not know, and a value that a known name cannot have, are refused with the name at fault.
"""

from collections.abc import Iterable
from typing import Any

from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


class Filters(DjangoFilterBackend):
    """The filters of a list, where a yes or no must be one: by itself the library takes other words for no wish."""

    def get_filterset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None:
            unclear = {
                name: ["Write true or false."]
                for name, one in filterset.filters.items()
                if isinstance(one, BooleanFilter) and _unclear(one, name, request)
            }
            if unclear:
                raise ValidationError(unclear)
        return filterset


def _unclear(one: BooleanFilter, name: str, request: Request) -> bool:
    wish = request.query_params.get(name, "")
    return wish != "" and one.field.widget.value_from_datadict(request.query_params, {}, name) is None


def refuse_strange(request: Request, view: Any) -> None:
    """Refuse names that this route does not know; only reading, since what is written is in the body."""
    strange = sorted(set(request.query_params) - names_of(view))
    if strange:
        known = ", ".join(sorted(names_of(view)))
        raise ValidationError({name: [f"There is no such parameter here. There are: {known}."] for name in strange})


def names_of(view: Any) -> set[str]:
    """``fields`` everywhere; the paging and the filters of lists; and what a view ``asks`` besides."""
    action = getattr(view, "action", None)
    names = {"fields", *getattr(view, "asks", {}).get(action, ())}
    if getattr(view, "detail", True) is False and getattr(view, "paginator", None) is not None:
        names |= {one["name"] for one in view.paginator.get_schema_operation_parameters(view)}
        names |= set(_filters_of(view))
    return names


def _filters_of(view: Any) -> Iterable[str]:
    if declared := getattr(view, "filterset_class", None):
        yield from declared.base_filters
    for name, lookups in getattr(view, "filterset_fields", {}).items():
        yield from (name if lookup == "exact" else f"{name}__{lookup}" for lookup in lookups)
