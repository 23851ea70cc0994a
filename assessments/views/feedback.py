"""360-degree feedback: what one is asked, what others said of one, and who is asked about whom."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.exceptions import AssessmentError
from assessments.forms.feedback import RoundForm
from assessments.models import Angle, FeedbackRound, FeedbackSeat
from assessments.selectors.feedback import feedback_report, rounds_about, rounds_of, seats_open
from assessments.services.feedback import feedback_close, feedback_open, feedback_start
from assessments.views.bank_access import actor
from assessments.views.holding import ours, tabs
from assessments.views.taking import person_of
from ecosystem.access import requires
from ecosystem.rules import is_author, is_member


@requires(is_member)
def mine(request: HttpRequest) -> HttpResponse:
    """What one is asked, and the rounds about oneself."""
    who = person_of(request)
    context = {"seats": seats_open(person_id=who), "rounds": rounds_about(person_id=who)}
    return render(request, "assessments/feedback.html", context)


@requires(is_member)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin, or go on."""
    rows = FeedbackSeat.objects.select_related("round__assessment__element", "round__person")
    seat = get_object_or_404(rows, pk=pk, person_id=person_of(request))
    try:
        attempt = feedback_start(seat=seat)
    except AssessmentError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
        return redirect("assessments:feedback")
    return redirect("assessments:question", attempt.uid, 1)


@requires(is_member)
def report(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Self against others; for the person, and for who asked. Only once it has closed."""
    rows = FeedbackRound.objects.select_related("person", "element", "assessment")
    round_ = get_object_or_404(rows, uid=uid)
    if person_of(request) not in (round_.person_id, round_.by_id) or round_.closed_at is None:
        raise Http404
    questions = feedback_report(round_=round_)
    context = {"round": round_, "questions": questions, "about_me": person_of(request) == round_.person_id}
    return render(request, "assessments/feedback_report.html", context)


@requires(is_author)
def rounds(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is asked about whom in this quiz, and a form that asks."""
    assessment = ours(slug)
    if not assessment.is_feedback:
        raise Http404
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = {name: form.people[name] for name in Angle.values if name != Angle.SELF}
        try:
            feedback_open(
                assessment=assessment,
                about=form.people["about"][0],
                asked=asked,
                closes_at=form.cleaned_data["closes_at"],
                by=actor(request),
            )
        except AssessmentError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("They have been asked."))
            return redirect("assessments:rounds", slug)
    context = {**tabs(assessment, "rounds"), "form": form, "rounds": rounds_of(assessment_id=assessment.pk)}
    return render(request, "assessments/rounds.html", context)


@requires(is_author)
@require_POST
def close(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    feedback_close(round_=get_object_or_404(FeedbackRound, uid=uid, assessment=ours(slug)), by=actor(request))
    return redirect("assessments:rounds", slug)
