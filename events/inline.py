"""An event made in passing, while a course is built; it has no date yet, and everything else is set on its own page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ecosystem.models import Element, Membership
from events.forms.planning import BriefEventForm
from events.services import event_make


class InlineEventForm(BriefEventForm):
    """The same; it says what an event without a date is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["capacity"].help_text = _(
            "Leave it empty for no limit. Until you give it a date on its own page, people say that they are interested."
        )


def inline_event_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    element: Element = event_make(by=by, zone=by.environment.time_zone, **cleaned, **facts).element
    return element
