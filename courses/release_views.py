"""The page on which an instructor opens activities for single learners."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.exceptions import CourseError
from courses.run_selectors import courses_run
from courses.selectors import releases_waiting
from courses.services import activity_hold, activity_release
from ecosystem.access import requires
from ecosystem.models import Element, Power
from ecosystem.rules import may_somewhere


@requires(may_somewhere(Power.MARK))
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    course = Element.objects.filter(kind="course", slug=slug).first()
    states = releases_waiting(membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if course is None:
        raise Http404
    if request.method == "POST":
        state = next((one for one in states if str(one.pk) == request.POST.get("state")), None)
        if state is None:
            raise Http404
        act = activity_hold if request.POST.get("do") == "hold" else activity_release
        try:
            act(state=state, by=request.membership)  # type: ignore[attr-defined]
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
