from typing import Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from content.forms import PageForm
from content.services import page_create
from ecosystem.addresses import address
from ecosystem.models import Element, Membership
from ecosystem.registry import ActivityType, ElementKind, InlineForm, activity_types, element_kinds, inline_forms


def _href(element: Element) -> str:
    return address("content:page", element.slug)


def _launch(element: Element, onward: str) -> str:
    return f"{_href(element)}?{urlencode({'next': onward})}"


element_kinds.register("page", ElementKind("page", _("page"), "book-open", _href))
element_kinds.register("job_aid", ElementKind("job_aid", _("job aid"), "list-checks", _href))
activity_types.register("page", ActivityType("page", _("Page"), "book-open", _launch))
activity_types.register("job_aid", ActivityType("job_aid", _("Job aid"), "list-checks", _launch))


WORDS_A_MINUTE = 200


def _page(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    """Minutes by its length; the author can change them in the course."""
    minutes = max(1, round(len(cleaned["markdown"].split()) / WORDS_A_MINUTE))
    made = page_create(
        title=cleaned["title"], markdown=cleaned["markdown"], creators=[by.person], minutes=minutes, **facts
    )
    return made.element


inline_forms.register("page", InlineForm(_("Page"), "book-open", PageForm, _page))
