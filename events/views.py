"""Events for everybody: what comes, one's own seat, and the calendar."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem import clock
from ecosystem.access import requires
from ecosystem.conditions import condition_asked, condition_lacking
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.models import Environment, Membership
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of
from ecosystem.supervising import managers_of
from events.access import may_organise
from events.booking import FORM_NAMES, booking_act, forms_for
from events.calendar import calendar_of
from events.models import Approval, Draw, Event, SeatState
from events.partaking import hindrance_of
from events.selectors import (
    comes_to,
    coming,
    elsewhere,
    ended_seat,
    event_called,
    events_for,
    living_seats,
    own_marks,
    place_in_queue,
    shown,
    waiting_in,
    was_there,
    when_words,
)
from events.services.charging import charge_of
from events.services.seats import goes_first, is_late, why_not, would_wait

PER_PAGE = 30


def event_of_slug(request: HttpRequest, slug: str) -> Event:
    return event_called(slug, actor(request))


@requires(is_member)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What comes: one's own first, then what can be booked."""
    by = actor(request)
    page = Paginator(coming(events_for(by)), PER_PAGE).get_page(request.GET.get("page"))
    rows = shown(page.object_list, person_id=by.person_id)
    context = {
        "mine": [row for row in rows if row.seat],
        "others": [row for row in rows if not row.seat],
        "page": page,
        "may_organise": may_organise(by),
    }
    return render(request, "events/index.html", context)


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One event; a post takes a seat, answers an offer, or gives the seat back."""
    by, found = actor(request), event_of_slug(request, slug)
    if closed := closed_page(request, found.element):
        return closed
    refused, wrong = "", None
    if request.method == "POST":
        try:
            wrong = booking_act(request, found)
        except EcosystemError as refusal:
            refused = str(refusal)
        else:
            if wrong is None:
                return redirect(request.get_full_path())
    context = {**_facts(found, by), **forms_for(found, by), "refused": refused, "onward": own_path(request, default="")}
    if wrong is not None:
        context[FORM_NAMES[type(wrong)]] = wrong
    return render(request, "events/event.html", context, status=400 if refused or wrong is not None else 200)


def _facts(found: Event, by: Membership) -> dict[str, Any]:
    """What the page says about the event and about the person in it."""
    seat = living_seats(person_id=by.person_id, events=[found.pk]).get(found.pk)
    sessions, marks = list(found.sessions.select_related("trainer")), own_marks(found, by)
    for one in sessions:
        one.mark = marks.get(one.pk, "")
    over = bool(sessions) and all(one.is_over for one in sessions)
    asks_manager = found.copies_managers or found.approval == Approval.MANAGER
    return {
        "event": found, "seat": seat, "charge": charge_of(seat=seat) if seat else None, "sessions": sessions, "has_zones": any(one.zone for one in sessions), "when": when_words(found),
        "place": place_in_queue(seat) if seat and seat.state == SeatState.WAITING else 0,
        "waiting": waiting_in(found), "would_wait": not seat and would_wait(event=found, person_id=by.person_id),
        "in_group": goes_first(event=found, person_id=by.person_id), "draw": Draw.objects.filter(event=found).first(),
        "asked": {name: condition_asked(getattr(found, name)) for name in ("register_if", "attend_if")},
        "lacks": "" if seat else condition_lacking(found.register_if, person_id=by.person_id),
        "cannot": "" if seat else why_not(event=found, begins=found.begins_at, person_id=by.person_id),  # type: ignore[attr-defined]
        "clashes": elsewhere(found, person_id=by.person_id), "ends": None if seat else ended_seat(found, by),
        "over": over, "too_late": is_late(event=found, at=clock.now()),
        "hindrance": None if over else hindrance_of(found, by),
        "has_manager": asks_manager and bool(managers_of(person_id=by.person_id)),
        "was_there": was_there(found, by), "may_organise": may_organise(by),
        "makers": makers_of(elements=[found.element]).get(found.element_id, []),
    }  # fmt: skip


@requires(is_member)
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions as a file for one's own calendar."""
    found = event_of_slug(request, slug)
    if closed := closed_page(request, found.element):
        return closed
    environment = Environment.objects.get(pk=found.environment_id)
    body = calendar_of(found, environment=environment, comes=comes_to(found, actor(request)))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.element.slug}.ics"'
    return answer
