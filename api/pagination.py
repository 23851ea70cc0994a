"""Paging by position in an order, so that rows that come in meanwhile move nothing."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Q, QuerySet
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

MOST = 200


@dataclass(frozen=True)
class Position:
    """After (or before) the row with these values in the columns of the order."""

    values: tuple[str, ...]
    backwards: bool = False

    def __str__(self) -> str:
        text = json.dumps([self.backwards, *self.values], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Position":
        """Raises ValueError for what no server of ours has written."""
        try:
            backwards, *values = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_"))
        except (binascii.Error, TypeError, UnicodeError, RecursionError) as error:
            raise ValueError("not a cursor") from error
        if not isinstance(backwards, bool) or not all(isinstance(value, str) for value in values):
            raise ValueError("not a cursor")
        return cls(tuple(values), backwards)


class Cursor(BasePagination):
    """In the order of the view (``ordering``, or ``get_ordering()``), or one of its ``orderings`` by ``?order=``.

    All columns of the order make up a position, and the key of the row is always the last of them: so a page never
    skips or repeats a row, however many were stored at the same moment. ``?limit=`` up to 200.
    """

    page_size = 50

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.base_url = request.build_absolute_uri()
        order = self.order_of(request, view)
        limit = self.limit_of(request)
        try:
            position = Position.read(request.query_params["cursor"]) if "cursor" in request.query_params else None
            backwards = position is not None and position.backwards
            rows = queryset.order_by(*(flipped(name) for name in order) if backwards else order)
            if position is not None:
                rows = rows.filter(beyond(position, order, queryset))
            found = list(rows[: limit + 1])
        except (ValueError, OverflowError, ValidationError) as error:
            # A cursor somebody wrote by hand: its position is no date, or no number.
            raise serializers.ValidationError({"cursor": ["There is no such place in this list."]}) from error
        more, found = len(found) > limit, found[:limit]
        if backwards:
            found.reverse()
        ahead, behind = (position is not None, more) if backwards else (more, position is not None)
        self.next = Position(values_of(found[-1], order)) if ahead and found else None
        self.previous = Position(values_of(found[0], order), backwards=True) if behind and found else None
        return found

    def order_of(self, request: Request, view: Any) -> tuple[str, ...]:
        wish = request.query_params.get("order")
        allowed: tuple[str, ...] = getattr(view, "orderings", ())
        if wish is not None and wish.removeprefix("-") not in allowed:
            raise serializers.ValidationError({"order": [f"Choose one of: {', '.join(allowed) or 'nothing'}."]})
        if wish:
            return (wish, "-pk" if wish.startswith("-") else "pk")
        chosen = view.get_ordering() if hasattr(view, "get_ordering") else getattr(view, "ordering", "pk")
        names = (chosen,) if isinstance(chosen, str) else tuple(chosen)
        keys = {"pk", "id", "place"}  # each of them tells rows apart
        return names if names[-1].removeprefix("-") in keys else (*names, "pk")

    def limit_of(self, request: Request) -> int:
        wish = request.query_params.get("limit")
        if wish is None:
            return self.page_size
        number = int(wish) if wish.isascii() and wish.isdecimal() and len(wish) < 9 else 0
        if not 1 <= number <= MOST:
            raise serializers.ValidationError({"limit": [f"Write a number from 1 to {MOST}."]})
        return number

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.link(self.next), "previous": self.link(self.previous), "results": data})

    def link(self, position: Position | None) -> str | None:
        if position is None:
            return None
        return replace_query_param(remove_query_param(self.base_url, "cursor"), "cursor", str(position))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Three parameters; ``order`` only where the view offers one."""
        limit = {"type": "integer", "minimum": 1, "maximum": MOST, "default": self.page_size}
        found = [
            _parameter("cursor", {"type": "string"}, "A place in the list, from `next` or `previous` of an answer."),
            _parameter("limit", limit, "Rows a page."),
        ]
        if names := getattr(view, "orderings", ()):
            choices = [sign + name for name in names for sign in ("", "-")]
            found.append(_parameter("order", {"type": "string", "enum": choices}, "Order; with - the other way round."))
        return found


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def flipped(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def values_of(row: Any, order: tuple[str, ...]) -> tuple[str, ...]:
    values = (getattr(row, name.removeprefix("-")) for name in order)
    return tuple(value.isoformat() if hasattr(value, "isoformat") else str(value) for value in values)


def beyond(position: Position, order: tuple[str, ...], queryset: QuerySet[Any]) -> Q:
    """Rows after the position in the order: greater in one column, and equal in all before it."""
    if len(position.values) != len(order):
        raise ValueError("a cursor of another order")
    condition, equal = Q(), Q()
    for name, text in zip(order, position.values, strict=True):
        column = name.removeprefix("-")
        value = typed(text, column, queryset)
        later = name.startswith("-") == position.backwards
        condition |= equal & Q(**{f"{column}__{'gt' if later else 'lt'}": value})
        equal &= Q(**{column: value})
    return condition


def typed(text: str, column: str, queryset: QuerySet[Any]) -> Any:
    """The text as a value of the column. Raises ValidationError or ValueError when it cannot be one."""
    if "\x00" in text:
        raise ValueError("NUL")
    options = queryset.model._meta
    if column in queryset.query.annotations:
        return int(text)
    try:
        field: Field[Any, Any] = options.pk if column == "pk" else options.get_field(column)  # type: ignore[assignment]
    except FieldDoesNotExist as error:
        raise ValueError(column) from error
    value = field.to_python(text)
    if isinstance(value, int) and abs(value) >= 2**63:
        raise ValueError("no such number")
    return value
