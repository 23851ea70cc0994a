"""What authors see of what is here."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Case, Q, QuerySet, When
from django.http import Http404

from content.models import Link, LinkState, Page, PageVersion
from ecosystem.models import ContentModel, Element, Membership
from ecosystem.scope import current_scope
from ecosystem.search import hits
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import openable

T = TypeVar("T", bound=ContentModel)
MADE_HERE = ("page", "job_aid", "checklist", "task", "file", "link", "video", "package")


def shown_row(model: type[T], *, membership: Membership, slug: str) -> T:
    """The row of the model for the element with this slug, when the person may open it; 404 otherwise."""
    rows = model.objects.filter(openable(membership, element="element__"))
    return row_of_slug(rows.select_related("element"), slug, element="element__")


def own_element(*, slug: str) -> Element:
    """An element of this environment that content has made, for who changes it; 404 otherwise."""
    here = current_scope().environment_id
    found = Element.objects.filter(environment_id=here, slug=slug, kind__in=MADE_HERE).first()
    if found is None:
        raise Http404
    return found


def own_row(model: type[T], *, element: Element) -> T:
    """What the model holds of an own element; 404 when it holds nothing."""
    found = model.objects.filter(element=element).select_related("element").first()
    if found is None:
        raise Http404
    return found


def own_page(*, slug: str) -> Page:
    """A page of this environment, for who changes it; 404 for one from above."""
    return own_row(Page, element=own_element(slug=slug))


def made_here(*, kind: str = "", words: str = "", kinds: tuple[str, ...] = MADE_HERE) -> QuerySet[Element]:
    """Elements of this environment of the kinds that content makes, newest change first."""
    wanted: dict[str, Any] = {"kind": kind} if kind in kinds else {"kind__in": kinds}
    rows = Element.objects.filter(environment_id=current_scope().environment_id, **wanted)
    if words:
        rows = rows.filter(Q(pk__in=hits(text=words)) | Q(title__icontains=words))
    return rows.order_by("-updated_at", "-pk")


def versions_of(*, page: Page) -> QuerySet[PageVersion]:
    """Newest first, with who saved each."""
    return PageVersion.objects.filter(page=page).select_related("person").order_by("-number")


def links_here() -> QuerySet[Link]:
    """The links of this environment: what is broken first, then what has waited longest."""
    rank = Case(When(state=LinkState.BROKEN, then=0), When(state=LinkState.UNSURE, then=1), default=2)
    rows = Link.objects.filter(environment_id=current_scope().environment_id).select_related("element")
    return rows.order_by(rank, "checked_at", "pk")
