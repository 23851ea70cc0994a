"""Taking an assessment: start, one question per screen, overview. All of it works without JavaScript."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.exceptions import AssessmentError, AttemptFinishedError, StateError
from assessments.forms.answers import AnswerItem, ItemsError, answer_items, posted_answer
from assessments.models import Answer, Assessment, Attempt
from assessments.selectors import (
    answer_at,
    answer_checked,
    assessment_to_open,
    attempt_of,
    attempt_state,
    parts_named,
    parts_of,
    question_shown,
    start_facts,
)
from assessments.selectors.attempts import Mark, StartFacts
from assessments.services import answer_save, answer_set_aside, attempt_finish, attempt_go_on, attempt_start
from assessments.services.attempts import time_is_up
from assessments.services.quick_saving import asked_remember, ticket_make
from assessments.showing import checks_during
from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.gates import closed_page
from ecosystem.navigation import own_path
from ecosystem.rules import is_member
from ecosystem.selectors import makers_of
from ecosystem.signals import SESSION_SIGN_IN


@requires(is_member)
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What counts, the tries so far, and the way in."""
    try:
        assessment = assessment_to_open(membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    except Assessment.DoesNotExist:
        raise Http404 from None
    if closed := closed_page(request, assessment.element):
        return closed
    if assessment.is_feedback:
        return redirect("assessments:feedback")
    person_id, onward = person_of(request), own_path(request, default="")
    if request.method == "POST":
        try:
            attempt = attempt_start(
                assessment=assessment, person_id=person_id, onward=onward, password=request.POST.get("password")
            )
        except AssessmentError as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return redirect("assessments:question", attempt.uid, attempt_state(attempt=attempt).first_open)
    facts = start_facts(assessment=assessment, person_id=person_id)
    context = {
        "assessment": assessment,
        "element": assessment.element,
        "facts": facts,
        "parts": _parts(assessment, facts),
        "makers": makers_of(elements=[assessment.element]).get(assessment.element_id, []),
        "onward": onward,
    }
    return render(request, "assessments/start.html", context)


def _parts(assessment: Assessment, facts: StartFacts) -> list[tuple[str, str]]:
    """(heading, text) of each section. With a clock or a password nobody reads the texts before starting."""
    hidden = facts.terms.minutes or assessment.password_hash or not facts.is_open
    return [(title, "" if hidden else text) for title, text in parts_of(assessment_id=assessment.pk)]


@requires(is_member)
def question(request: HttpRequest, uid: uuid.UUID, position: int) -> HttpResponse:
    """One question; a POST keeps the answer and goes where its button says."""
    if request.method == "POST":
        return _keep(request, uid, position)
    attempt = running(request, uid)
    if attempt.finished_at:
        return redirect("assessments:review", uid)
    try:
        answer = answer_at(attempt=attempt, position=position)
    except Answer.DoesNotExist:
        raise Http404 from None
    state = attempt_state(attempt=attempt)
    if attempt.assessment.forward_only and position != attempt.reached:
        return render(request, "assessments/forward.html", {"attempt": attempt, "state": state}, status=409)
    asked_remember(uid=uid, position=position, type=answer.version.type, body=answer.version.body)
    context = {
        "attempt": attempt,
        "answer": answer,
        "state": state,
        "question": question_shown(answer),
        "part": _part(attempt, answer, state.marks),
        "numbers": [
            {
                "number": mark.position,
                "answered": mark.answered,
                "flagged": mark.flagged,
                "current": mark.position == position,
            }
            for mark in state.marks
        ],
        "last": position == len(state.marks),
        "checks": checks_during(attempt.assessment.review) and not attempt.assessment.names_nobody,
        "checked": answer_checked(answer),
        "ticket": ticket_of(request, attempt),
    }
    return render(request, "assessments/question.html", context)


def _part(attempt: Attempt, answer: Answer, marks: list[Mark]) -> dict[str, object] | None:
    """The section the question stands in: its text unfolded with the first of its questions, folded with the others."""
    part = parts_named(assessment_id=attempt.assessment_id, titles=[answer.section]).get(answer.section)
    first = next((mark.position for mark in marks if mark.section == answer.section), 0)
    return {"title": part.title, "text": part.text, "opens": answer.position == first} if part else None


def _keep(request: HttpRequest, uid: uuid.UUID, position: int) -> HttpResponse:
    as_json = request.headers.get("Accept", "").startswith("application/json")
    response, flagged = posted_answer(request.POST)
    settle = request.POST.get("go") == "check"
    try:
        answer = answer_save(
            attempt_uid=uid,
            person_id=person_of(request),
            position=position,
            response=response,
            flagged=flagged,
            settle=settle,
        )
    except Answer.DoesNotExist:
        raise Http404 from None
    except AttemptFinishedError as refusal:
        return _too_late(request, uid, [AnswerItem("", position, response, flagged)], str(refusal), as_json=as_json)
    except AssessmentError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        if as_json:
            return JsonResponse({"detail": str(refusal)}, status=_status(refusal))
        return _refused(request, uid, position, refusal)
    if as_json:
        saved_at = answer.saved_at.isoformat() if answer.saved_at else None
        return JsonResponse({"saved_at": saved_at, "answered": answer.response is not None})
    if settle:
        return redirect("assessments:question", uid, position)
    return redirect(_where_to(request, answer))


def _refused(request: HttpRequest, uid: uuid.UUID, position: int, refusal: AssessmentError) -> HttpResponse:
    if isinstance(refusal, StateError):
        attempt = running(request, uid)
        context = {"attempt": attempt, "state": attempt_state(attempt=attempt), "because": str(refusal)}
        return render(request, "assessments/forward.html", context, status=409)
    messages.error(request, str(refusal))
    return redirect("assessments:question", uid, position)


def _too_late(
    request: HttpRequest, uid: uuid.UUID, items: list[AnswerItem], because: str, *, as_json: bool
) -> HttpResponse:
    """409 with the stored state. The answers are set aside, and an attempt whose time is up ends."""
    attempt = running(request, uid)
    for item in (one for one in items if one.fields):
        answer_set_aside(
            attempt_uid=uid,
            person_id=attempt.person_id,
            position=item.position,
            response=item.fields,
            given_at=item.sent.given_at,
        )
    if not as_json:
        messages.error(request, because)
        return redirect("assessments:review", uid)
    kept = [item.id for item in items if item.id]
    return JsonResponse({"detail": because, "set_aside": kept, **_state(attempt)}, status=409)


def _where_to(request: HttpRequest, answer: Answer) -> str:
    """``go``: next, back, overview or the number of a question; past the last one comes the overview."""
    uid, position = answer.attempt.uid, answer.position
    wish = request.POST.get("go", "next")
    wanted = {"next": position + 1, "back": max(position - 1, 1), "overview": 0}.get(wish)
    if wanted is None:
        wanted = int(wish) if wish.isascii() and wish.isdecimal() and len(wish) < 5 else position + 1
    if answer.attempt.assessment.forward_only:
        wanted = _forward(answer.attempt, wanted, position)
    if wanted and Answer.objects.filter(attempt__uid=uid, position=wanted).exists():
        return reverse("assessments:question", args=[uid, wanted])
    return reverse("assessments:overview", args=[uid])


def _forward(attempt: Attempt, wanted: int, position: int) -> int:
    if wanted != position + 1:
        return wanted if wanted in (0, position) else position
    reached = attempt.reached
    return attempt_go_on(attempt=attempt).reached if attempt.reached == reached == position else wanted


@requires(is_member)
@require_POST
def answers(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What waited on a device, oldest first: {"items": [{"id", "position", "fields", "flagged", ...}]}.

    Answers {"accepted": [ids], "refused": [{"id", "detail"}], "saved_at"}; sending the same again is harmless. After the
    end 409 with the stored state: what came too late is set aside.
    """
    accepted, refused = [], []
    try:
        items = answer_items(body_of(request))
        for item in items:
            try:
                _save(uid, person_of(request), item)
            except AttemptFinishedError as refusal:
                late = items[len(accepted) + len(refused) :]
                return _too_late(request, uid, late, str(refusal), as_json=True)
            except AssessmentError as refusal:
                refused.append({"id": item.id, "detail": str(refusal), "status": _status(refusal)})
            else:
                accepted.append(item.id)
    except Answer.DoesNotExist:
        return _nameless_too_late(request, uid, items)
    except ItemsError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        return JsonResponse({"detail": str(refusal)}, status=400)
    if refused and not accepted:
        status = max(one["status"] for one in refused)
        return JsonResponse({"detail": refused[0]["detail"], "refused": refused, "accepted": []}, status=status)
    return JsonResponse({"accepted": accepted, "refused": refused, "saved_at": timezone.now().isoformat()})


def _nameless_too_late(request: HttpRequest, uid: uuid.UUID, items: list[AnswerItem]) -> HttpResponse:
    """Handed in without names: nothing is kept with the person, on the device neither."""
    if not running(request, uid).finished_at:
        raise Http404
    return _too_late(request, uid, items, _("This attempt is finished; its answers stay as they are."), as_json=True)


def _save(uid: uuid.UUID, person_id: int, item: AnswerItem) -> None:
    answer_save(
        attempt_uid=uid,
        person_id=person_id,
        position=item.position,
        response=item.fields,
        flagged=item.flagged,
        sent=item.sent,
    )


def _status(refusal: Exception) -> int:
    return 409 if isinstance(refusal, StateError) else 400


@requires(is_member)
def state(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """How the attempt stands, for a page that was away: no answers, and a fresh token for who has signed in again."""
    attempt = running(request, uid)
    facts = {"csrf": get_token(request), "ticket": ticket_of(request, attempt)}
    return JsonResponse({**facts, **_state(attempt)})


def _state(attempt: Attempt) -> dict[str, object]:
    found = attempt_state(attempt=attempt)
    return {
        "finished": attempt.finished_at is not None,
        "seconds_left": found.seconds_left,
        "review": reverse("assessments:review", args=[attempt.uid]),
        "answers": [
            {
                "position": mark.position,
                "answered": mark.answered,
                "flagged": mark.flagged,
                "revision": mark.revision,
                "client": mark.client,
            }
            for mark in found.marks
        ],
    }


@requires(is_member)
def overview(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    attempt = running(request, uid)
    if attempt.finished_at:
        return redirect("assessments:review", uid)
    state = attempt_state(attempt=attempt)
    titles = [title for title, _marks in state.sections]
    parts = parts_named(assessment_id=attempt.assessment_id, titles=titles)
    sections = [(parts[title].title if title else "", marks) for title, marks in state.sections]
    return render(request, "assessments/overview.html", {"attempt": attempt, "state": state, "sections": sections})


@requires(is_member)
@require_POST
def finish(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    try:
        attempt_finish(attempt_uid=uid, person_id=person_of(request))
    except Attempt.DoesNotExist:
        raise Http404 from None
    return redirect("assessments:review", uid)


def ticket_of(request: HttpRequest, attempt: Attempt) -> str:
    """What lets the page save in one step; none for who sees the site as somebody else."""
    sign_in_id = request.session.get(SESSION_SIGN_IN)
    if request.viewer is not None or not sign_in_id or not request.session.session_key:  # type: ignore[attr-defined]
        return ""
    return ticket_make(
        environment_id=attempt.environment_id,
        person_id=attempt.person_id,
        sign_in_id=sign_in_id,
        password_hash=request.membership.person.password,  # type: ignore[attr-defined]
        uid=attempt.uid,
        session_key=request.session.session_key,
    )


def person_of(request: HttpRequest) -> int:
    return request.membership.person_id  # type: ignore[attr-defined]


def own(request: HttpRequest, uid: uuid.UUID) -> Attempt:
    try:
        return attempt_of(uid=uid, person_id=person_of(request))
    except Attempt.DoesNotExist:
        raise Http404 from None


def running(request: HttpRequest, uid: uuid.UUID) -> Attempt:
    """The person's own attempt; one whose time is up is finished first."""
    attempt = own(request, uid)
    if attempt.finished_at is None and time_is_up(attempt=attempt):
        return attempt_finish(attempt_uid=uid, person_id=attempt.person_id)
    return attempt
