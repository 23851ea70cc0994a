"""Events for who organises them: made, dated, changed, cancelled, the people in them, and who was there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.conditions import condition_asked
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment, Person
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from ecosystem.selectors import member_of_email
from ecosystem.uids import uid_of
from events.access import may_organise
from events.clashing import Clash, in_the_way, lent_by
from events.demand import wanted
from events.exceptions import EventError
from events.forms import EventForm, GiveForm, MoveForm, ReachForm, ReasonForm, SessionForm
from events.models import Draw, Event, Presence, Seat, SeatState, Session
from events.partaking import not_ready
from events.selectors import (
    answers_of,
    charges_of,
    elsewhere,
    event_called,
    events_for,
    movable_to,
    numbers_of,
    people_in,
    presences,
    told_of_cancelling,
    when_words,
)
from events.services import (
    attendance_mark,
    event_make,
    seat_cancel,
    seat_give,
    series_cancel,
    series_session_change,
    series_set,
    session_add,
    session_remove,
)

PER_PAGE = 50
MOST_PEOPLE = 500


def event_here(request: HttpRequest, slug: str) -> Event:
    return event_called(slug, actor(request))


@requires(may_organise)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every event, the newest date first."""
    rows = events_for(actor(request)).order_by("-begins_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [(row, when_words(row)) for row in page.object_list],
        "page": page,
        "wanted": wanted(events_for(actor(request))),
    }
    return render(request, "events/organise.html", context)


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = actor(request)
    zone = Environment.objects.get(pk=by.environment_id).time_zone
    form = EventForm(request.POST or None, initial={"zone": zone})
    if request.method == "POST" and form.is_valid():
        try:
            made = event_make(by=by, **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The event is there. Give it a date, or see first who wants to come."))
            return redirect("organise:event", made.element.slug)
    return render(request, "events/new.html", {"form": form}, status=400 if form.errors else 200)


@requires(may_organise)
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """The event as it stands: sessions, people, and what to do."""
    found = event_here(request, slug)
    others = movable_to(found, by=actor(request))
    answers, charges = answers_of(found), charges_of(found)
    seats = list(people_in(found)[:MOST_PEOPLE])
    unready = not_ready(found, [seat.person_id for seat in seats])
    for seat in seats:
        seat.said, seat.charge = answers.get(seat.person_id, []), charges.get(seat.pk)
        seat.is_unready = seat.person_id in unready
    sessions = list(found.sessions.select_related("trainer"))
    lent = lent_by(sessions)
    for one in sessions:
        one.lent = lent.get(one.pk, [])
    context = {
        "event": found, "when": when_words(found), "numbers": numbers_of(found), "seats": seats,
        "sessions": sessions, "give": GiveForm(), "reason": ReasonForm(),
        "move": MoveForm(others=others) if others else None, "draw": Draw.objects.filter(event=found).first(), "reach": ReachForm(),
        "told": told_of_cancelling(found)[:MOST_PEOPLE] if found.cancelled_at else [],
        "over": bool(sessions) and all(one.is_over for one in sessions),
    }  # fmt: skip
    return render(request, "events/organised.html", context)


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    found = event_here(request, slug)
    form, reach = EventForm.of(found, request.POST or None), ReachForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reach.is_valid():
        try:
            series_set(event=found, reach=reach.cleaned_data["reach"], by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:event", slug)
    context = {"event": found, "form": form, "reach": reach}
    return render(request, "events/settings.html", context, status=400 if form.errors else 200)


@requires(may_organise)
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """A new session, or one to change; ``do=remove`` takes it away."""
    found, by = event_here(request, slug), actor(request)
    clashes: list[Clash] = []
    known = get_object_or_404(found.sessions.select_related("trainer"), pk=pk) if pk else None
    if known is not None and request.POST.get("do") == "remove":
        try:
            session_remove(session=known, by=by)
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The session is gone."))
        return redirect("organise:event", slug)
    form, reach = SessionForm(request.POST or None, event=found, session=known), ReachForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and reach.is_valid():
        try:
            if known is None:
                session_add(event=found, by=by, **form.facts())
            else:
                series_session_change(session=known, reach=reach.cleaned_data["reach"], by=by, **form.facts())
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
            clashes = in_the_way(form.facts(), but=known)
        else:
            messages.success(request, _("Saved. Everybody with a seat sees it."))
            return redirect("organise:event", slug)
    context = {"event": found, "session": known, "form": form, "reach": reach, "clashes": clashes}
    return render(request, "events/session.html", context, status=400 if form.errors else 200)


@requires(may_organise)
@require_http_methods(["POST"])
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """``do=give`` books a member; ``do=cancel`` ends the seat that ``uid`` names."""
    found, by = event_here(request, slug), actor(request)
    try:
        if request.POST.get("do") == "cancel":
            seat_cancel(seat=_seat_of(request, found), reason=request.POST.get("reason", ""), by=by)
            messages.success(request, _("Cancelled. They are told."))
        else:
            person, facts = _given(request)
            seat_give(event=found, person=person, by=by, **facts)
            elsewhere_said(request, found, person_id=person.pk)
            messages.success(request, _("They have a seat, and are told."))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    return redirect("organise:event", slug)


def elsewhere_said(request: HttpRequest, event: Event, *, person_id: int) -> None:
    """Whoever gives or moves a seat is told where else the person is at that time; it is theirs to talk about."""
    titles = dict.fromkeys(one.event.element.title for one in elsewhere(event, person_id=person_id))
    if titles:
        messages.warning(request, _("They are also somewhere else then: %(titles)s.") % {"titles": ", ".join(titles)})


def _given(request: HttpRequest) -> tuple[Person, dict[str, Any]]:
    """To whom a seat is given, and how. Refuses what cannot be read, and who is no member."""
    form = GiveForm(request.POST)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        if (person := member_of_email(email=facts.pop("email"))) is not None:
            return person, facts
    elif "email" not in form.errors:
        raise EventError(next(iter(form.errors.values()))[0])
    raise EventError(_("Nobody here has this e-mail address."))


def _seat_of(request: HttpRequest, found: Event) -> Seat:
    row = people_in(found).filter(uid=uid_of(request.POST.get("uid", ""))).first()
    if row is None:
        raise Http404
    return row


@requires(may_organise)
@require_http_methods(["POST"])
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """It does not take place. Everybody is told."""
    found, reach = event_here(request, slug), ReachForm(request.POST)
    if not reach.is_valid():
        raise Http404
    which, why = reach.cleaned_data["reach"], request.POST.get("reason", "")
    try:
        count = len(series_cancel(event=found, reach=which, reason=why, by=actor(request)))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        one = _("The event is cancelled, and everybody is told.")
        messages.success(
            request, one if count == 1 else _("%(n)s events are cancelled, and everybody is told.") % {"n": count}
        )
    return redirect("organise:event", slug)


def led_session(request: HttpRequest, pk: int) -> Session:
    """The session, for who organises events and for its trainer; for everybody else it is not there."""
    by = actor(request)
    found: Session = get_object_or_404(Session.objects.select_related("event__element"), pk=pk)
    if not (may_organise(by) or (found.trainer_id is not None and found.trainer_id == by.person_id)):
        raise Http404
    return found


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was there, for who organises and for the trainer."""
    by = actor(request)
    found = led_session(request, pk)
    seats = list(people_in(found.event).filter(state=SeatState.BOOKED)[:MOST_PEOPLE])
    refused, marks = "", {}
    if request.method == "POST":
        marks = {seat.person_id: said for seat in seats if (said := request.POST.get(f"person-{seat.person_id}", ""))}
        try:
            marked = attendance_mark(session=found, marks=marks, by=by)
        except EcosystemError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Saved.") if marked.changed else _("Nothing has changed."))
            if marked.note:
                messages.warning(request, marked.note)
            return redirect("organise:attendance", pk)
    known = {**presences(found), **marks}  # what was refused is not chosen again
    unready = not_ready(found.event, [seat.person_id for seat in seats])
    context = {
        "session": found, "event": found.event, "rows": [(seat, known.get(seat.person_id, ""), seat.person_id in unready) for seat in seats],
        "asked": condition_asked(found.event.attend_if) if unready else "", "choices": Presence.choices, "refused": refused, "may_organise": may_organise(by),
    }  # fmt: skip
    return render(request, "events/attendance.html", context, status=400 if refused else 200)
