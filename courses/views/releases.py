"""The page on which an instructor opens activities for single learners."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.exceptions import CourseError
from courses.selectors.learning import releases_waiting
from courses.selectors.runs import courses_run
from courses.services import activity_hold, activity_release
from ecosystem.access import requires
from ecosystem.models import Element, Membership, Power
from ecosystem.people_views.reading import actor
from ecosystem.rules import may_somewhere
from ecosystem.slugs import row_of_slug
from ecosystem.spans import span_of
from ecosystem.visibility import elements_for


@requires(may_somewhere(Power.MARK))
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    by = actor(request)
    waits = releases_waiting(membership=by, slug=slug)
    course = row_of_slug(_courses(by, {state.element_id for state in waits}), slug)
    states = [state for state in waits if state.element_id == course.pk]
    if request.method == "POST":
        state = next((one for one in states if str(one.pk) == request.POST.get("state")), None)
        if state is None:
            raise Http404
        act = activity_hold if request.POST.get("do") == "hold" else activity_release
        try:
            act(state=state, by=by)
        except CourseError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved."))
        return redirect(request.path)
    waiting = [state for state in states if state.released_at is None]
    opened = [state for state in states if state.released_at is not None]
    context = {
        "course": course,
        "waiting": waiting,
        "opened": opened,
        "has_runs": courses_run(request.membership).filter(pk=course.pk).exists(),  # type: ignore[attr-defined]
    }
    return render(request, "courses/releases.html", context)


def _courses(by: Membership, waiting: set[int]) -> QuerySet[Element]:
    """Where somebody waits for them, whose work they mark, or that they may open."""
    rows, span = Element.objects.filter(kind="course"), span_of(by, Power.MARK)
    if span.everything:
        return rows
    return rows.filter(Q(pk__in=waiting | span.courses) | Q(pk__in=elements_for(by).values("pk")))
