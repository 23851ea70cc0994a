"""What somebody sees of a finished attempt: the result, and as much of the answers as the assessment shows now."""

import uuid
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import floatformat
from django.utils.translation import get_language, ngettext

from assessments.models import Attempt
from assessments.selectors import parts_named, review_of, start_facts, with_pictures
from assessments.selectors.attempts import Part
from assessments.selectors.results import Review, ReviewedAnswer
from assessments.views.taking import running
from ecosystem.access import requires
from ecosystem.rules import is_member


@requires(is_member)
def review(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The result, and what was right: only once the attempt is finished, and only what the review matrix allows now."""
    attempt = running(request, uid)
    if attempt.finished_at is None:
        return redirect("assessments:overview", uid)
    facts = start_facts(assessment=attempt.assessment, person_id=attempt.person_id)
    found = review_of(attempt=attempt, closes_at=facts.terms.closes_at)
    context = {
        "attempt": attempt,
        "element": attempt.element,
        "review": found,
        "sections": _sections(found, attempt),
        "facts": facts,
    }
    return render(request, "assessments/review.html", context)


def _sections(review: Review, attempt: Attempt) -> list[dict[str, Any]]:
    """The answers as parameters of component ``review_answer``, under the headings and texts of their sections."""
    language = attempt.element.language
    titles = [answer.section for answer in review.answers]
    parts = {"": Part("", with_pictures("")), **parts_named(assessment_id=attempt.assessment_id, titles=titles)}
    return [
        {**parts[title]._asdict(), "rows": [_row(answer, language) for answer in answers]}
        for title, answers in groupby(review.answers, key=lambda answer: answer.section)
    ]


def _row(answer: ReviewedAnswer, language: str) -> dict[str, Any]:
    points = ""
    if answer.points is not None:
        points = ngettext("%(points)s of %(of)s point", "%(points)s of %(of)s points", answer.points_of) % {
            "points": floatformat(answer.points, "-2"),
            "of": answer.points_of,
        }
    return {
        "number": answer.position,
        "state": answer.state,
        "stem": answer.stem,
        "lang": language,
        "spoken": get_language() or "",
        "points": points,
        "given": answer.given,
        "files": answer.files,
        "right": answer.right,
        "why": answer.why,
        "comments": answer.comments,
        "source": answer.source.title if answer.source else "",
        "source_href": answer.source.href if answer.source else "",
    }
