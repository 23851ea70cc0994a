"""What every route can do besides its own work. ``kit(ViewSet)`` adds it when a route is registered.

Sparse fields (``?fields=``), no parameter that nobody reads, ``Idempotency-Key`` on POST, ``ETag`` with ``If-None-Match`` and ``If-Match``, and the
counts of requests in the headers. Viewsets of the apps below know nothing of it.
"""

import hashlib
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from api import idempotency
from api.problems import Changed
from api.queries import refuse_strange

CHANGING = frozenset({"PUT", "PATCH", "DELETE"})


def kit(view: type) -> Any:
    """The same view with the kit."""
    return type(view.__name__, (Kit, view), {"__doc__": view.__doc__, "__module__": view.__module__})


def etag_of(data: Any) -> str:
    return f'"{hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:32]}"'


class Kit:
    """A mixin in front of a view of REST framework."""

    claimed: Any = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if request.method in {"GET", "HEAD"}:
            refuse_strange(request, self)
        self.claimed = idempotency.claim(request)

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, idempotency.Replayed):
            return idempotency.replay(error)
        self.claimed = None
        response: Response = super().handle_exception(error)  # type: ignore[misc]
        return response

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response: Response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        if self.claimed is not None:
            idempotency.keep(self.claimed, response.render())
        return response

    def get_object(self) -> Any:
        """The row; with ``If-Match``, locked and still as the caller saw it."""
        row = super().get_object()  # type: ignore[misc]
        wanted = self.request.headers.get("If-Match")  # type: ignore[attr-defined]
        if wanted is None or self.request.method not in CHANGING:  # type: ignore[attr-defined]
            return row
        type(row).objects.select_for_update().get(pk=row.pk)
        row = super().get_object()  # type: ignore[misc]
        if wanted != "*" and etag_of(self._as_got(row)) not in [one.strip() for one in wanted.split(",")]:
            raise Changed
        return row

    def _as_got(self, row: Any) -> Any:
        """What GET of the same address shows."""
        action, self.action = self.action, "retrieve"  # type: ignore[has-type]
        try:
            fresh = super().get_object()  # type: ignore[misc]
            serializer: BaseSerializer[Any] = self.get_serializer_class()(  # type: ignore[attr-defined]
                fresh,
                context=self.get_serializer_context(),  # type: ignore[attr-defined]
            )
            return serializer.data
        finally:
            self.action = action

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        if request.method in {"GET", "HEAD"} and response.status_code == 200 and hasattr(response, "data"):
            response = self._shape(request, response)
        elif request.method in CHANGING and response.status_code == 200 and response.data:
            response["ETag"] = etag_of(response.data)
        for name, value in getattr(request._request, "rate_headers", {}).items():
            response[name] = value
        final: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        return final

    def _shape(self, request: Request, response: Response) -> Response:
        one = not (isinstance(response.data, dict) and isinstance(response.data.get("results"), list))
        if one:
            tag = etag_of(response.data)
            if request.headers.get("If-None-Match") == tag:
                return Response(status=304, headers={"ETag": tag})
            response["ETag"] = tag
        if "fields" in request.query_params:
            try:
                response.data = only(response.data, request.query_params["fields"].split(","), one=one)
            except ValidationError as error:
                return self.handle_exception(error)
        return response


def only(data: Any, names: list[str], *, one: bool) -> Any:
    """The row, or each row of the list, with these fields. Refuses a name that no row has."""
    rows = [data] if one else data["results"]
    wanted = [name.strip() for name in names if name.strip()]
    strange = sorted(set(wanted) - set(rows[0])) if rows else []
    if strange or not wanted:
        raise ValidationError({"fields": [f"There is no such field: {', '.join(strange) or 'empty'}."]})
    cut = [{name: row[name] for name in wanted} for row in rows]
    return cut[0] if one else {**data, "results": cut}
