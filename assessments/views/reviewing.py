"""What somebody sees of a finished attempt: the result, and as much of the answers as the assessment shows now."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.selectors import review_of, start_facts
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
    context = {
        "attempt": attempt,
        "element": attempt.element,
        "review": review_of(attempt=attempt, closes_at=facts.terms.closes_at),
        "facts": facts,
    }
    return render(request, "assessments/review.html", context)
