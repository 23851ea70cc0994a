"""Which row a slug means, when what is offered from above has the slug of one of our own."""

from typing import Any, TypeVar

from django.db.models import Case, IntegerField, Model, QuerySet, Value, When
from django.http import Http404
from django.utils.text import slugify

from ecosystem.models import Element
from ecosystem.scope import current_scope

T = TypeVar("T", bound=Model)


def own_first(element: str = "") -> Case:
    """An order that puts what is ours before what comes from above; ``element`` is the path to it."""
    ours: dict[str, Any] = {f"{element}environment_id": current_scope().environment_id}
    return Case(When(**ours, then=Value(0)), default=Value(1), output_field=IntegerField())


def row_of_slug(rows: QuerySet[T], slug: str, *, element: str = "") -> T:
    """The row with this slug: our own before one from above. ``element`` is the path to it, as in ``"element__"``."""
    row = rows.filter(**{f"{element}slug": slug}).order_by(own_first(element), "pk").first()
    if row is None:
        raise Http404
    return row


RESERVED = frozenset({"missed", "new"})  # addresses of pages beside those of elements


def slug_free(*, title: str, kind: str) -> str:
    """An address that nothing of the open environment has yet: the words of the title, or the kind, with a number."""
    base = slugify(title)[:90].strip("-") or slugify(kind)
    taken = set(
        Element.objects.filter(environment_id=current_scope().environment_id, slug__startswith=base).values_list(
            "slug", flat=True
        )
    )
    wishes = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + len(RESERVED) + 2))
    return next(wish for wish in wishes if wish not in taken | RESERVED)
