"""Taking an assessment: start, one question per screen, overview, review. All of it works without JavaScript."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.exceptions import AssessmentError, AttemptFinishedError
from assessments.forms import ItemsError, answer_items, posted_answer
from assessments.models import Answer, Assessment, Attempt
from assessments.selectors import attempt_of, attempt_state, question_shown, review_of, start_facts
from assessments.services import answer_save, attempt_finish, attempt_start
from ecosystem.access import requires
from ecosystem.gates import closed_page
from ecosystem.navigation import own_path
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of
from ecosystem.slugs import row_of_slug
from ecosystem.visibility import openable


@requires(is_member)
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What counts, the tries so far, and the way in."""
    rows = Assessment.objects.filter(openable(request.membership, element="element__"))  # type: ignore[attr-defined]
    assessment = row_of_slug(rows.select_related("element"), slug, element="element__")
    if closed := closed_page(request, assessment.element):
        return closed
    person_id, onward = _person_id(request), own_path(request, default="")
    if request.method == "POST":
        try:
            attempt = attempt_start(assessment=assessment, person_id=person_id, onward=onward)
        except AssessmentError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return redirect("assessments:question", attempt.uid, attempt_state(attempt=attempt).first_open)
    facts = start_facts(assessment=assessment, person_id=person_id)
    context = {
        "assessment": assessment,
        "element": assessment.element,
        "facts": facts,
        "makers": makers_of(elements=[assessment.element]).get(assessment.element_id, []),
        "onward": onward,
    }
    return render(request, "assessments/start.html", context)


@requires(is_member)
def question(request: HttpRequest, uid: uuid.UUID, position: int) -> HttpResponse:
    """One question; a POST keeps the answer and goes where its button says."""
    if request.method == "POST":
        return _keep(request, uid, position)
    attempt = _own(request, uid)
    if attempt.finished_at:
        return redirect("assessments:review", uid)
    rows = Answer.objects.select_related("version")
    answer = get_object_or_404(rows, attempt=attempt, position=position)
    state = attempt_state(attempt=attempt)
    context = {
        "attempt": attempt,
        "answer": answer,
        "state": state,
        "question": question_shown(answer),
        "last": position == len(state.marks),
    }
    return render(request, "assessments/question.html", context)


def _keep(request: HttpRequest, uid: uuid.UUID, position: int) -> HttpResponse:
    as_json = request.headers.get("Accept", "").startswith("application/json")
    response, flagged = posted_answer(request.POST)
    try:
        answer = answer_save(
            attempt_uid=uid, person_id=_person_id(request), position=position, response=response, flagged=flagged
        )
    except Answer.DoesNotExist:
        raise Http404 from None
    except AssessmentError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        if as_json:
            return JsonResponse({"detail": str(refusal)}, status=_status(refusal))
        messages.error(request, str(refusal))
        return redirect("assessments:question", uid, position)
    if as_json:
        saved_at = answer.saved_at.isoformat() if answer.saved_at else None
        return JsonResponse({"saved_at": saved_at, "answered": answer.response is not None})
    return redirect(_where_to(request, uid, position))


def _where_to(request: HttpRequest, uid: uuid.UUID, position: int) -> str:
    """``go``: next, back, overview or the number of a question; past the last one comes the overview."""
    wish = request.POST.get("go", "next")
    wanted = {"next": position + 1, "back": max(position - 1, 1), "overview": 0}.get(wish)
    if wanted is None:
        wanted = int(wish) if wish.isascii() and wish.isdecimal() and len(wish) < 5 else position + 1
    if wanted and Answer.objects.filter(attempt__uid=uid, position=wanted).exists():
        return reverse("assessments:question", args=[uid, wanted])
    return reverse("assessments:overview", args=[uid])


@requires(is_member)
@require_POST
def answers(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What waited on a device, oldest first: {"items": [{"id", "position", "fields", "flagged"}]}, all or none.

    Answers {"accepted": [ids], "saved_at"}; sending the same again is harmless.
    """
    try:
        items = answer_items(request.body)
        for item in items:
            answer_save(
                attempt_uid=uid,
                person_id=_person_id(request),
                position=item.position,
                response=item.fields,
                flagged=item.flagged,
            )
    except Answer.DoesNotExist:
        raise Http404 from None
    except (AssessmentError, ItemsError) as refusal:
        request.undo = True  # type: ignore[attr-defined]
        return JsonResponse({"detail": str(refusal)}, status=_status(refusal))
    return JsonResponse({"accepted": [item.id for item in items], "saved_at": timezone.now().isoformat()})


def _status(refusal: Exception) -> int:
    return 409 if isinstance(refusal, AttemptFinishedError) else 400


@requires(is_member)
def overview(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    attempt = _own(request, uid)
    if attempt.finished_at:
        return redirect("assessments:review", uid)
    return render(request, "assessments/overview.html", {"attempt": attempt, "state": attempt_state(attempt=attempt)})


@requires(is_member)
@require_POST
def finish(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    try:
        attempt_finish(attempt_uid=uid, person_id=_person_id(request))
    except Attempt.DoesNotExist:
        raise Http404 from None
    return redirect("assessments:review", uid)


@requires(is_member)
def review(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The result, and what was right: only once the attempt is finished."""
    attempt = _own(request, uid)
    if attempt.finished_at is None:
        return redirect("assessments:overview", uid)
    facts = start_facts(assessment=attempt.assessment, person_id=attempt.person_id)
    context = {
        "attempt": attempt,
        "element": attempt.element,
        "review": review_of(attempt=attempt),
        "facts": facts,
    }
    return render(request, "assessments/review.html", context)


def _person_id(request: HttpRequest) -> int:
    return request.membership.person_id  # type: ignore[attr-defined]


def _own(request: HttpRequest, uid: uuid.UUID) -> Attempt:
    try:
        return attempt_of(uid=uid, person_id=_person_id(request))
    except Attempt.DoesNotExist:
        raise Http404 from None
