"""Marking again, because a question was wrong: what it would do, then for good."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext

from assessments.exceptions import MarkError
from assessments.forms.marking import RemarkForm
from assessments.models import Question
from assessments.selectors import newest_versions, with_pictures
from assessments.services import remark_apply, remark_preview
from assessments.views.holding import by, ours, tabs
from ecosystem.access import requires
from ecosystem.rules import is_author
from ecosystem.scope import current_scope

MOST_SHOWN = 100


@requires(is_author)
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """GET shows what each way would change; a POST with a reason does it."""
    assessment = ours(slug)
    rows = Question.objects.filter(environment_id=current_scope().environment_id)
    question = get_object_or_404(rows, pk=pk)
    form = RemarkForm(request.POST or None, initial={"way": request.GET.get("way", "key")})
    if request.method == "POST" and form.is_valid():
        try:
            done = remark_apply(question=question, by=by(request), **form.cleaned_data)
        except MarkError as refusal:
            form.add_error("because", str(refusal))
        else:
            count = len(done.changed)
            words = ngettext("%(n)s attempt has another score now.", "%(n)s attempts have another score now.", count)
            messages.success(request, words % {"n": count})
            return redirect("assessments:analysis", slug)
    way = "everybody" if (request.POST or request.GET).get("way") == "everybody" else "key"
    effects = remark_preview(question=question, way=way)
    version = newest_versions(question_ids=[question.pk])[question.pk]
    context = {
        **tabs(assessment, "analysis"),
        "question": question,
        "stem": with_pictures(version.stem),
        "form": form,
        "way": way,
        "effects": effects,
        "shown": effects.changed[:MOST_SHOWN],
    }
    return render(request, "assessments/again.html", context)
