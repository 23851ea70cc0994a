"""What events add to the site."""

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from ecosystem.addresses import address
from ecosystem.registry import (
    ActivityType,
    ElementKind,
    InlineForm,
    RolePage,
    TranscriptSection,
    activity_types,
    audit_acts,
    element_kinds,
    group_ends,
    inline_forms,
    role_pages,
    todos,
    transcript_sections,
)
from ecosystem.rules import is_member
from events.access import may_answer, may_organise, trains
from events.inline import InlineEventForm, inline_event_make
from events.selectors import event_todos, events_attended
from events.services.approving import REQUESTS
from events.services.regrouping import group_ended
from events.services.telling import COPIES, EVENTS
from notifications.registry import NoticeKind, Urgency, notice_kinds

KIND = "event"

element_kinds.register(
    KIND, ElementKind(KIND, _("event"), "calendar", lambda element: address("events:event", element.slug))
)
activity_types.register(
    KIND,
    ActivityType(
        KIND,
        _("Event"),
        "calendar",
        lambda element, onward: f"{address('events:event', element.slug)}?{urlencode({'next': onward})}",
    ),
)
inline_forms.register(KIND, InlineForm(_("Event"), "calendar", InlineEventForm, inline_event_make, rule=may_organise))
role_pages.register("events", RolePage(_("Events"), lambda: address("events:home"), is_member, is_term=True))
role_pages.register("calendar", RolePage(_("Calendar"), lambda: address("calendar:home"), is_member, is_term=True))
role_pages.register("organise", RolePage(_("Organise events"), lambda: address("organise:home"), may_organise))
role_pages.register("training", RolePage(_("My sessions"), lambda: address("organise:training"), trains))
role_pages.register(
    "seat-requests", RolePage(_("Requests for a seat"), lambda: address("organise:requests"), may_answer)
)
group_ends.register("events", group_ended)
todos.register("events", event_todos)
transcript_sections.register("events", TranscriptSection(25, _("Attended events"), "calendar", events_attended))
notice_kinds.register(
    EVENTS,
    NoticeKind(
        EVENTS,
        _("Events"),
        _("your seats at events"),
        _("You get this because you have a seat at an event, or wait for one."),
        urgency=Urgency.NOW,
        icon="calendar",
        term="events",
    ),
)
notice_kinds.register(
    REQUESTS,
    NoticeKind(
        REQUESTS,
        _("Requests for a seat"),
        _("requests for a seat at an event"),
        _("You get this because you may say whether somebody comes to an event."),
        icon="calendar",
    ),
)
notice_kinds.register(
    COPIES,
    NoticeKind(
        COPIES,
        _("Events of your people"),
        _("seats of people you manage"),
        _("You get this because you manage somebody who has a seat at an event."),
        urgency=Urgency.NOW,  # a copy goes when the letter goes: of a second one that day a digest would tell a week later
        icon="calendar",
    ),
)
for _act, _said in (
    ("event.made", _("Event made")),
    ("event.set", _("Event changed")),
    ("event.cancelled", _("Event cancelled")),
    ("event.session_added", _("Session added to an event")),
    ("event.session_changed", _("Session of an event changed")),
    ("event.session_removed", _("Session of an event removed")),
    ("event.attendance_marked", _("Attendance marked")),
    ("event.checked_in", _("Person checked in at a session")),
    ("event.repeated", _("Event repeated as a series")),
    ("event.question_added", _("Question of an event added")),
    ("event.question_ended", _("Question of an event taken away")),
    ("event.equipment_added", _("Equipment for events added")),
    ("event.equipment_set", _("Equipment for events changed")),
    ("event.equipment_ended", _("Equipment for events taken away")),
    ("event.code_added", _("Code of an event added")),
    ("event.code_ended", _("Code of an event taken away")),
    ("event.charges_exported", _("Prices of seats exported")),
    ("event.settled", _("Lots drawn, or the days of a group over")),
    ("seat.decided", _("Request for a seat answered")),
    ("seat.passed", _("Seat at an event passed on")),
    ("seat.moved", _("Seat moved to another event")),
    ("seat.given", _("Seat at an event given")),
    ("seat.cancelled", _("Seat at an event cancelled")),
    ("calendar.address_made", _("Secret address of a calendar made")),
    ("calendar.address_ended", _("Secret address of a calendar taken back")),
):
    audit_acts.register(_act, _said)
