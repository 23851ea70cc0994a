"""Events for everybody: what comes, one's own seat, and the calendar."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.conditions import condition_asked, condition_lacking
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.models import Environment
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of
from ecosystem.slugs import row_of_slug
from events.access import may_organise
from events.calendar import calendar_of
from events.forms import PassForm
from events.models import Draw, Event, Seat, SeatState
from events.selectors import coming, ended_seat, events_for, living_seats, place_in_queue, shown, waiting_in, when_words
from events.services import seat_answer, seat_cancel, seat_pass, seat_take

PER_PAGE = 30
TAKEN = {
    SeatState.BOOKED: gettext_lazy("You have a seat."),
    SeatState.REQUESTED: gettext_lazy("You asked for a seat. We tell you the answer."),
    SeatState.ENTERED: gettext_lazy("You are in the draw. We tell you how it ends."),
}


def event_of_slug(request: HttpRequest, slug: str) -> Event:
    return row_of_slug(events_for(actor(request)), slug, element="element__")


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
    onward, refused, pass_on = own_path(request, default=""), "", PassForm()
    if request.method == "POST":
        try:
            pass_on = _do(request, found) or pass_on
        except EcosystemError as refusal:
            refused = str(refusal)
        else:
            if not pass_on.errors:
                return redirect(request.get_full_path())
    seat = living_seats(person_id=by.person_id, events=[found.pk]).get(found.pk)
    context = {
        "event": found, "seat": seat, "sessions": found.sessions.select_related("trainer"), "onward": onward,
        "place": place_in_queue(seat) if seat and seat.state == SeatState.WAITING else 0,
        "waiting": waiting_in(found), "when": when_words(found), "refused": refused, "is_full": found.free == 0,
        "asked": {name: condition_asked(getattr(found, name)) for name in ("register_if", "attend_if")},
        "lacks": "" if seat else condition_lacking(found.register_if, person_id=by.person_id),
        "draw": Draw.objects.filter(event=found).first(), "pass_on": pass_on, "ends": ended_seat(found, by),
        "makers": makers_of(elements=[found.element]).get(found.element_id, []), "may_organise": may_organise(by),
    }  # fmt: skip
    return render(request, "events/event.html", context, status=400 if refused or pass_on.errors else 200)


def _do(request: HttpRequest, found: Event) -> PassForm | None:
    """What the button says: ``take``, ``accept``, ``decline``, ``cancel`` or ``pass``. Anything else takes a seat.

    Returns the form in which something is wrong.
    """
    by, wish = actor(request), request.POST.get("do", "take")
    seat: Seat | None = living_seats(person_id=by.person_id, events=[found.pk]).get(found.pk)
    if wish in ("accept", "decline"):
        if seat is not None:
            seat_answer(seat=seat, accept=wish == "accept", by=by)
            messages.success(request, _("You have a seat.") if wish == "accept" else _("The place goes to the next."))
    elif wish == "cancel":
        if seat is not None:
            seat_cancel(seat=seat, reason=request.POST.get("reason", ""), by=by)
            messages.success(request, _("Cancelled."))
    elif wish == "pass":
        form = PassForm(request.POST)
        if not form.is_valid():
            return form
        if seat is not None:
            seat_pass(seat=seat, person=form.cleaned_data["email"], by=by)
            messages.success(request, _("They have your seat, and are told."))
    else:
        made = seat_take(event=found, by=by)
        messages.success(request, TAKEN.get(made.state, _("You are on the list. We tell you.")))
    return None


@requires(is_member)
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The sessions as a file for one's own calendar."""
    found = event_of_slug(request, slug)
    if closed := closed_page(request, found.element):
        return closed
    body = calendar_of(found, environment=Environment.objects.get(pk=found.environment_id))
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{found.element.slug}.ics"'
    return answer
