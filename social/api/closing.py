"""Steps of courses that are locked stay so for other software, as their pages do."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from ecosystem.gates import closed_among, closed_to
from ecosystem.models import Element
from ecosystem.rest import Asked


class Gated(Asked):
    """What belongs to an element that is closed to who asks is left out of lists, and refused by its own address.

    A part of a list may be shorter by that, or empty; the cursor goes on all the same.
    """

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)  # type: ignore[misc]
        closed = closed_among(self.by, {row.element_id for row in rows})
        return [row for row in rows if row.element_id not in closed]

    def refuse_closed(self, element: Element) -> None:
        if closed := closed_to(self.by, element):
            raise PermissionDenied(closed.because)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object()  # type: ignore[attr-defined]
        self.refuse_closed(found.element)
        return Response(self.get_serializer(found).data)  # type: ignore[attr-defined]
