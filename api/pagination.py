"""Paging by position in an order, so that rows that come in meanwhile move nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class Cursor(CursorPagination):
    """In the order of the view (``ordering``, or ``get_ordering()``); ``?limit=`` up to 200.

    An order names its rows for certain only when its last column is unique.
    """

    ordering = "pk"
    page_size_query_param = "limit"
    max_page_size = 200

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        chosen = view.get_ordering() if hasattr(view, "get_ordering") else getattr(view, "ordering", self.ordering)
        return (chosen,) if isinstance(chosen, str) else tuple(chosen)

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, ValidationError) as error:
            # A cursor somebody wrote by hand: its position is no date, or no number.
            raise NotFound(self.invalid_cursor_message) from error
