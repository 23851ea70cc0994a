"""An event made in passing, while a course is built; it has no date yet, and everything else is set on its own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Element, Membership
from events.forms.planning import MOST_PLACES
from events.services import event_make


class InlineEventForm(forms.Form):
    """What it is about, and for how many."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("What it is about"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        min_value=1,
        max_value=MOST_PLACES,
        required=False,
        help_text=_(
            "Leave it empty for no limit. Until you give it a date on its own page, people say that they are interested."
        ),
    )


def inline_event_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    element: Element = event_make(by=by, zone=by.environment.time_zone, **cleaned, **facts).element
    return element
