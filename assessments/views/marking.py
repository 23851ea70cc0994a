"""What people mark: the queue by question and by learner, one answer with its mark, the rubric of a question."""

import uuid
from decimal import Decimal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments.exceptions import MarkError
from assessments.forms.marking import MarkForm, RubricForm, rubric_text
from assessments.models import Answer, Question
from assessments.question_types.registry import question_type
from assessments.selectors import parts_named, with_pictures
from assessments.selectors.files import files_shown
from assessments.selectors.marking import (
    answer_for_marker,
    answers_to_mark,
    answers_with_all,
    learners_waiting,
    marks_of,
    may_mark,
    name_shown,
    questions_waiting,
    rubric_of,
)
from assessments.services import answer_mark, rubric_save
from ecosystem.access import requires
from ecosystem.markup import plain_text
from ecosystem.rules import is_author
from ecosystem.scope import current_scope


@requires(may_mark)
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, by question or by learner."""
    membership = request.membership  # type: ignore[attr-defined]
    by_learner = request.GET.get("by") == "learner"
    rows = learners_waiting(membership) if by_learner else questions_waiting(membership)
    return render(request, "assessments/marking.html", {"rows": rows, "by_learner": by_learner})


@requires(may_mark)
def of_question(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers to one question that wait."""
    rows = list(answers_with_all(answers_to_mark(request.membership).filter(version__question_id=pk)))  # type: ignore[attr-defined]
    asked = plain_text(rows[0].version.stem) if rows else _("Answers to this question")
    return _list(request, rows, heading=asked)


@requires(may_mark)
def of_attempt(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The answers of one attempt that wait."""
    rows = list(answers_with_all(answers_to_mark(request.membership).filter(attempt__uid=uid)))  # type: ignore[attr-defined]
    return _list(request, rows, heading=name_shown(rows[0].attempt) if rows else _("Answers"), of_one=True)


def _list(request: HttpRequest, rows: list[Answer], *, heading: str, of_one: bool = False) -> HttpResponse:
    """``of_one``: they are all of one person, so each is called by its question."""
    shown = [
        {
            "answer": row,
            "title": plain_text(row.version.stem) if of_one else name_shown(row.attempt),
            "facts": [("", given[:140])] if (given := _given(row)) else [],
        }
        for row in rows
    ]
    return render(request, "assessments/marking_list.html", {"rows": shown, "heading": heading})


def _given(answer: Answer) -> str:
    return str(
        plain_text(" ".join(question_type(answer.version.type).reveal(answer.version.body, answer.response)["given"]))
    )


@requires(may_mark)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer with everything a marker needs; a POST gives the mark and goes to the next that waits."""
    membership = request.membership  # type: ignore[attr-defined]
    try:
        row = answer_for_marker(membership=membership, pk=pk)
    except Answer.DoesNotExist:
        raise Http404 from None
    criteria = rubric_of(row.version.question_id)
    if "rubric" in request.POST:
        return _rubric(request, row)
    form = MarkForm(request.POST or None, points=row.version.points, criteria=criteria)
    if request.method == "POST" and form.is_valid():
        points = form.cleaned_data.get("points")
        try:
            answer_mark(
                answer=row,
                fraction=Decimal(0) if points is None else points / row.version.points,
                rubric=form.levels,
                comment=form.cleaned_data["comment"],
                by=membership,
            )
        except MarkError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Marked."))
            return _next(request, row)
    return render(request, "assessments/mark.html", _context(request, row, form, criteria))


def _context(request: HttpRequest, row: Answer, form: MarkForm, criteria: list[dict]) -> dict[str, object]:
    membership = request.membership  # type: ignore[attr-defined]
    revealed = question_type(row.version.type).reveal(row.version.body, row.response)
    return {
        "answer": row,
        "who": name_shown(row.attempt),
        "part": parts_named(assessment_id=row.attempt.assessment_id, titles=[row.section]).get(row.section),
        "stem": with_pictures(row.version.stem),
        "given": [with_pictures(text) for text in revealed["given"]],
        "files": files_shown(row, nameless=row.attempt.assessment.anonymous_marking),
        "notes": with_pictures(revealed.get("marker_notes", "")),
        "marks": marks_of(row, membership),
        "form": form,
        "rubric_form": RubricForm(initial={"text": rubric_text(criteria)}) if is_author(membership) else None,
    }


def _rubric(request: HttpRequest, row: Answer) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    if not is_author(membership) or row.version.environment_id != current_scope().environment_id:
        raise Http404
    form = RubricForm(request.POST)
    try:
        if form.is_valid():
            question = Question.objects.get(pk=row.version.question_id)
            rubric_save(question=question, criteria=form.cleaned_data["text"], by=membership.person)
            messages.success(request, _("The rubric is saved; it counts for marks from now on."))
        else:
            messages.error(request, " ".join(form.errors["text"]))
    except MarkError as refusal:
        messages.error(request, str(refusal))
    return redirect("assessments:mark", row.pk)


def _next(request: HttpRequest, row: Answer) -> HttpResponse:
    """The next answer to the same question, else back to the queue."""
    same = answers_to_mark(request.membership).filter(version__question_id=row.version.question_id)  # type: ignore[attr-defined]
    following = answers_with_all(same).exclude(pk=row.pk).first()
    return redirect("assessments:mark", following.pk) if following else redirect("assessments:marking")
