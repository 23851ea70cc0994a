"""Questions that learners reported or that mislead, for who may change them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Question
from ecosystem.access import requires
from ecosystem.rules import is_author
from memotrainer.services import reports_settle
from memotrainer.watching import questions_to_mend


@requires(is_author)
@never_cache
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """What learners say about questions, and which are forgotten far more than foretold."""
    return render(request, "memotrainer/questions.html", {"rows": questions_to_mend()})


@requires(is_author)
@require_POST
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has looked at what learners reported."""
    question = Question.objects.filter(pk=pk).first()
    if question is None:
        raise Http404
    count = reports_settle(question=question, by=request.membership.person)  # type: ignore[attr-defined]
    said = ngettext("%(count)s report settled.", "%(count)s reports settled.", count) % {"count": count}
    messages.success(request, said)
    return redirect("memotrainer:questions")
