"""One's own calendar: what comes, and the secret address at which calendar programs read it."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ecosystem.access import requires
from ecosystem.gates import closed_to
from ecosystem.models import Environment
from ecosystem.people_views.reading import actor
from ecosystem.rules import anyone, is_member
from ecosystem.scope import become_person
from events.calendar import feed_of
from events.days import View, day_of, pages_of
from events.models import CalendarFeed, Event, Session
from events.selectors import comes_to, event_called, events_for, left_out, own_sessions
from events.services import feed_end, feed_holder, feed_make

VIEWS = [(View.LIST, gettext_lazy("List")), (View.WEEK, gettext_lazy("Week")), (View.MONTH, gettext_lazy("Month"))]


@requires(is_member)
@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return _shown(request)


@requires(is_member)
@never_cache
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """A new address, with ``event`` that of one event: it is on this answer and nowhere else."""
    event = _event_said(request)
    _feed, secret = feed_make(event=event, by=actor(request))
    return _shown(request, secret=secret, about=event.element.title if event else "")


@requires(is_member)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    by, slug = actor(request), request.POST.get("event", "")
    mine = CalendarFeed.objects.filter(person_id=by.person_id, event__isnull=False).select_related("event__element")
    event = next((one.event for one in mine if one.event.element.slug == slug), None) if slug else None
    if (event is not None or not slug) and feed_end(event=event, by=by):
        messages.success(request, _("The address no longer works."))
    return redirect("calendar:home")


@requires(anyone)
@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For calendar programs, which cannot sign in. An address that is unknown or was taken back is not there."""
    held = feed_holder(secret=secret)
    if held is None:
        raise Http404
    member, event_id = held
    become_person(member.person_id)
    environment = Environment.objects.get(pk=member.environment_id)
    if event_id is None:
        body = feed_of(own_sessions(member), environment=environment, comes=True)
    else:
        event = events_for(member).filter(pk=event_id).first()
        if event is None or closed_to(member, event.element):
            raise Http404
        rows = event.sessions.select_related("event__element", "trainer")
        comes = comes_to(event, member)
        body = feed_of(rows, environment=environment, comes=comes, name=event.element.title)
    return HttpResponse(
        body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "private, no-store"}
    )


def _event_said(request: HttpRequest) -> Event | None:
    """What ``event`` names, of those that one may see."""
    if not (slug := request.POST.get("event", "")):
        return None
    event = event_called(slug, actor(request))
    if closed_to(actor(request), event.element):
        raise Http404
    return event


def _shown(request: HttpRequest, *, secret: str = "", about: str = "") -> HttpResponse:
    by, today = actor(request), timezone.localdate()
    asked = request.GET.get("view", "")
    view = View(asked) if asked in set(View) else View.LIST
    at, sessions = day_of(request.GET.get("day", ""), today=today), own_sessions(by)
    feeds = list(CalendarFeed.objects.filter(person_id=by.person_id).select_related("event__element").order_by("pk"))
    context: dict[str, Any] = {
        "view": view, "views": VIEWS, "at": at, "weekdays": [WEEKDAYS_ABBR[n] for n in range(7)],
        "months": _months([session for session in sessions if not session.is_over]) if view is View.LIST else None,
        "pages": pages_of(view, at=at, today=today, sessions=sessions) if view is not View.LIST else None,
        "feed": next((one for one in feeds if one.event_id is None), None),
        "of_events": [one for one in feeds if one.event_id is not None], "about": about,
        "left_out": left_out(by),
        "secret": request.build_absolute_uri(f"/calendar/{secret}.ics") if secret else "",
    }  # fmt: skip
    return render(request, "events/calendar.html", context)


def _months(sessions: list[Session]) -> list[tuple[str, list[Session]]]:
    """By the month in which each begins, in the time zone of its place."""

    def month(session: Session) -> str:
        return date_format(session.starts_at.astimezone(ZoneInfo(session.wall)), "F Y")

    return [(name, list(rows)) for name, rows in groupby(sessions, key=month)]
