"""Telling people that time has opened a step for them: nobody is there to see it happen."""

from collections.abc import Iterable

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from courses.models import ActivityState, State
from ecosystem.addresses import address
from ecosystem.models import Element
from notifications.services.telling_many import Tell, notify_many

OPENED = "step-opened"


def opened_tell(*, states: Iterable[ActivityState]) -> int:
    """A notice on the site for each of these that is open now; returns how many. The same opening is told once."""
    opened = [state for state in states if state.state == State.OPEN and state.opened_at is not None]
    if not opened:
        return 0
    rows = Element.objects.filter(pk__in={state.element_id for state in opened}).values_list("pk", "slug", "title")
    courses = {pk: (slug, title) for pk, slug, title in rows}
    return notify_many(
        kind=OPENED,
        tells=[
            Tell(
                person_id=state.person_id,
                key=f"opened:{state.pk}:{state.opened_at.isoformat()}",
                title=state.activity.title,
                body=format_lazy(_("It is open now, in “{course}”."), course=courses[state.element_id][1]),
                href=address("courses:course", courses[state.element_id][0]),
            )
            for state in opened
        ],
    )
