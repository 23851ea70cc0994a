"""What all pages of people read from a request."""

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict

T = TypeVar("T", bound=Model)
LARGEST_ID = 2**63 - 1
MOST_CHOSEN = 200


def text_of(query: QueryDict, name: str) -> str:
    return query.get(name, "").strip()[:200].replace("\x00", "")


def number_of(query: QueryDict, name: str) -> int | None:
    """A positive whole number that fits a key, or None."""
    return key_in(query.get(name, ""))


def key_in(text: str) -> int | None:
    """The same, from words that hold it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def chosen(request: HttpRequest) -> list[int]:
    """The ticked rows of a list."""
    texts = request.POST.getlist("chosen")[:MOST_CHOSEN]
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def row_or_404(rows: QuerySet[T], pk: int | None) -> T:
    row = rows.filter(pk=pk).first() if pk is not None and pk <= LARGEST_ID else None
    if row is None:
        raise Http404
    return row


def actor(request: HttpRequest) -> Any:
    return request.membership  # type: ignore[attr-defined]
