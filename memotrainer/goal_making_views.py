"""Goals for their authors: all of them, made, changed, ended."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.slugs import row_of_slug
from memotrainer.goal_forms import GoalForm
from memotrainer.goals import courses_with
from memotrainer.models import Goal, GoalReached
from memotrainer.services import goal_change, goal_end, goal_make, goal_resume

PER_PAGE = 50


def _own() -> QuerySet[Goal]:
    """Those from above are changed there."""
    return Goal.objects.filter(environment_id=current_scope().environment_id).select_related("element")


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Every goal of this environment, the newest first, and a new one."""
    form = GoalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            goal_make(by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The goal is there. It becomes a step where you build a course."))
            return redirect("memotrainer:goals")
    reached = GoalReached.objects.filter(element_id=OuterRef("element_id")).values("element_id")
    count = Subquery(reached.annotate(people=Count("pk")).values("people"))
    page = Paginator(_own().annotate(people=Coalesce(count, 0)).order_by("-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "memotrainer/goals.html", {"page": page, "form": form}, status=400 if form.errors else 200)


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    goal = row_of_slug(_own(), slug, element="element__")
    form = GoalForm.of(goal, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            goal_change(goal=goal, by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. Who reaches it by this finds it done in a moment."))
            return redirect("memotrainer:goal-settings", slug)
    context = {
        "goal": goal,
        "form": form,
        "reached": GoalReached.objects.filter(element=goal.element).count(),
        "courses": courses_with(goal),
    }
    return render(request, "memotrainer/goal_settings.html", context, status=400 if form.errors else 200)


@requires(is_author)
@require_POST
def end(request: HttpRequest, slug: str) -> HttpResponse:
    """End it, or with ``again`` let it count again."""
    goal, by = row_of_slug(_own(), slug, element="element__"), actor(request)
    try:
        goal_resume(goal=goal, by=by) if request.POST.get("again") else goal_end(goal=goal, by=by)
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    return redirect("memotrainer:goal-settings", slug)
