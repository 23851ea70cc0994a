"""What the buttons on the page of an event do. Each returns the form in which something is wrong, or None."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.gates import closed_to
from ecosystem.models import Membership
from ecosystem.people_views.reading import actor
from events.exceptions import EventError
from events.forms import AnswersForm, ChangeForm, EvaluationForm, PassForm
from events.models import Evaluation, Event, Seat, SeatState
from events.selectors import changes_for, living_seats, questions_of
from events.services import evaluation_give, seat_answer, seat_cancel, seat_change, seat_pass, seat_show, seat_take

TAKEN = {
    SeatState.BOOKED: gettext_lazy("You have a seat."),
    SeatState.REQUESTED: gettext_lazy("You asked for a seat. We tell you the answer."),
    SeatState.ENTERED: gettext_lazy("You are in the draw. We tell you how it ends."),
}


FORM_NAMES: dict[type[forms.Form], str] = {
    AnswersForm: "answers", PassForm: "pass_on", ChangeForm: "change", EvaluationForm: "evaluation",
}  # fmt: skip


def forms_for(found: Event, by: Membership) -> dict[str, Any]:
    """Empty, or with what the person thought of it before."""
    given = Evaluation.objects.filter(event=found, person_id=by.person_id).first()
    said = {"score": given.score, "words": given.words} if given else None
    return {
        "answers": AnswersForm(event=found, questions=questions_of(found), asks_town=_asks_town(found)), "pass_on": PassForm(),
        "evaluation": EvaluationForm(initial=said), "given": given, "change": _change_form(found, by),
    }  # fmt: skip


def booking_act(request: HttpRequest, found: Event) -> forms.Form | None:
    """What ``do`` says; anything that is not known takes a seat. Raises what a service refuses."""
    return ACTS.get(request.POST.get("do", ""), _take)(request, found)


def _take(request: HttpRequest, found: Event) -> forms.Form | None:
    asked = AnswersForm(request.POST, event=found, questions=questions_of(found), asks_town=_asks_town(found))
    if not asked.is_valid():
        return asked
    try:
        made = seat_take(event=found, answers=asked.answers(), **asked.terms_said(), by=actor(request))
    except EventError as refusal:
        if not asked.fields:
            raise
        asked.add_error(None, str(refusal))
        return asked
    messages.success(request, TAKEN.get(made.state, _("You are on the list. We tell you.")))
    return None


def _asks_town(found: Event) -> bool:
    """Who waits for a date or a place is asked where they would come."""
    return found.begins_at is None or found.free == 0  # type: ignore[attr-defined] -- annotated by events_for


def _accept(request: HttpRequest, found: Event) -> None:
    if (seat := _mine(request, found)) is not None:
        seat_answer(seat=seat, accept=True, by=actor(request))
        messages.success(request, _("You have a seat."))


def _decline(request: HttpRequest, found: Event) -> None:
    if (seat := _mine(request, found)) is not None:
        seat_answer(seat=seat, accept=False, by=actor(request))
        messages.success(request, _("The place goes to the next."))


def _cancel(request: HttpRequest, found: Event) -> None:
    if (seat := _mine(request, found)) is not None:
        seat_cancel(seat=seat, reason=request.POST.get("reason", ""), by=actor(request))
        messages.success(request, _("Cancelled."))


def _pass(request: HttpRequest, found: Event) -> forms.Form | None:
    form = PassForm(request.POST)
    if not form.is_valid():
        return form
    if (seat := _mine(request, found)) is not None:
        seat_pass(seat=seat, person=form.cleaned_data["email"], by=actor(request))
        messages.success(request, _("They have your seat, and are told."))
    return None


def _change_form(found: Event, by: Membership, data: Any = None) -> ChangeForm:
    return ChangeForm(data, others=changes_for(found, by), asks_why=found.needs_reason)


def _change(request: HttpRequest, found: Event) -> forms.Form | None:
    form = _change_form(found, actor(request), request.POST)
    if not form.is_valid():
        return form
    if (seat := _mine(request, found)) is not None:
        if closed := closed_to(actor(request), form.cleaned_data["to"].element):
            raise EventError(closed.because)
        seat_change(seat=seat, by=actor(request), **form.cleaned_data)
        messages.success(request, _("You have a seat on the other date. This one was given back."))
    return None


def _show(request: HttpRequest, found: Event) -> None:
    if (seat := _mine(request, found)) is not None:
        seat_show(seat=seat, shown=request.POST.get("do") == "show", by=actor(request))
        messages.success(request, _("Saved."))


def _evaluate(request: HttpRequest, found: Event) -> forms.Form | None:
    form = EvaluationForm(request.POST)
    if not form.is_valid():
        return form
    evaluation_give(event=found, by=actor(request), **form.cleaned_data)
    messages.success(request, _("Thank you. It helps to make the next one better."))
    return None


def _mine(request: HttpRequest, found: Event) -> Seat | None:
    return living_seats(person_id=actor(request).person_id, events=[found.pk]).get(found.pk)


ACTS: dict[str, Callable[[HttpRequest, Event], forms.Form | None]] = {
    "accept": _accept, "decline": _decline, "cancel": _cancel, "pass": _pass, "change": _change, "show": _show, "hide": _show, "evaluate": _evaluate,
}  # fmt: skip
