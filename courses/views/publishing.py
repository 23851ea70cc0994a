"""Publishing a draft: what differs, what happens with each run, learner by learner."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.access import may_build_some, sees_learners
from courses.models import CourseRun, CourseVersion, VersionState
from courses.moving.impact import MOVABLE, impact_of
from courses.plans.difference_of import difference_of
from courses.services import draft_seen
from courses.services.publishing import draft_publish, plan_problems, plan_warnings
from courses.services.version_moves import CHOICES, STAY
from courses.views.building import course_to_build
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element
from ecosystem.people_views.reading import actor, number_of

SHOWN = 200


@requires(may_build_some)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    course = course_to_build(request, slug)
    draft = CourseVersion.objects.filter(element=course, state=VersionState.DRAFT).first()
    if draft is None:
        messages.info(request, _("There is nothing to publish: nothing was changed since."))
        return redirect("courses:build", slug=slug)
    runs, refusal = runs_to_choose(course), ""
    chosen = {run.pk: request.POST.get(f"run-{run.pk}", STAY) for run in runs}
    if request.method == "POST":
        try:
            version = draft_publish(
                draft=draft_seen(element=course, pk=number_of(request.POST, "draft")),
                by=actor(request),
                seen=number_of(request.POST, "seen") or 0,
                runs={run: chosen[run.pk] for run in runs},
            )
        except EcosystemError as error:
            refusal = str(error)
        else:
            messages.success(request, _("Published as version %(number)s.") % {"number": version.number})
            return redirect("courses:runs", slug=slug)
    context = {
        "course": course,
        "draft": draft,
        "found": difference_of(course, draft),
        "problems": plan_problems(version=draft),
        "warnings": plan_warnings(version=draft),
        "runs": [(run, chosen[run.pk] if chosen[run.pk] in CHOICES else STAY) for run in runs],
        "refusal": refusal,
    }
    return render(request, "courses/publish.html", context, status=409 if refusal else 200)


@requires(may_build_some)
@require_safe
def impact(request: HttpRequest, slug: str, uid: str) -> HttpResponse:
    """Learner by learner, what the draft would mean for a run. Names are for who may see learners of the course."""
    course = course_to_build(request, slug)
    run = get_object_or_404(runs_to_choose(course), uid=uid)
    draft = CourseVersion.objects.filter(element=course, state=VersionState.DRAFT).first()
    if draft is None:
        return redirect("courses:build", slug=slug)
    found = impact_of(run=run, version=draft)
    return render(
        request,
        "courses/impact.html",
        {
            "course": course,
            "run": run,
            "impact": found,
            "shown": found.touched[:SHOWN],
            "more": max(len(found.touched) - SHOWN, 0),
            "names": sees_learners(actor(request), course.pk),
        },
    )


def runs_to_choose(course: Element, today: date | None = None):
    """Runs here that are not over, with the number of learners a new version could take along."""
    day = today or timezone.localdate()
    learners = Count("enrolments", filter=Q(enrolments__state__in=MOVABLE))
    rows = CourseRun.objects.filter(element=course).filter(Q(ends_on=None) | Q(ends_on__gte=day))
    return rows.select_related("version").annotate(learners=learners).order_by("starts_on", "pk")
