"""A goal as its learner sees it: what it asks, how far they are, and what to do next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.gates import closed_page
from ecosystem.models import Element, Membership
from ecosystem.navigation import own_path
from ecosystem.registry import element_kinds
from ecosystem.rules import is_member
from ecosystem.slugs import row_of_slug
from memotrainer.daily import today_of
from memotrainer.goals import standing_of
from memotrainer.models import Goal, GoalReached
from memotrainer.services import goal_look


@requires(is_member)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def goal(request: HttpRequest, slug: str) -> HttpResponse:
    """A post counts what was known before the goal was there."""
    found = row_of_slug(Goal.objects.select_related("element"), slug, element="element__")
    if closed := closed_page(request, found.element):
        return closed
    membership: Membership = request.membership  # type: ignore[attr-defined]
    onward = own_path(request, default="")
    if request.method == "POST":
        if goal_look(goal=found, person_id=membership.person_id):
            messages.success(request, _("Reached. Well remembered!"))
        return redirect(request.get_full_path())
    context = {
        "goal": found,
        "standing": standing_of(found, person_id=membership.person_id),
        "reached": GoalReached.objects.filter(person_id=membership.person_id, element=found.element).first(),
        "quizzes": [
            _linked(part.of) for part in found.parts.filter(objective=None).select_related("of").order_by("pk")
        ],
        "objectives": list(found.parts.exclude(objective=None).values_list("objective__text", flat=True)),
        "today": len(today_of(person_id=membership.person_id, here=membership).ids),
        "onward": onward,
    }
    return render(request, "memotrainer/goal.html", context)


def _linked(element: Element) -> dict[str, str]:
    return {"title": element.title, "href": element_kinds[element.kind].href(element)}
