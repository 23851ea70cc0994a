"""The page on which an author says when an activity opens. Every step is saved in the draft at once."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.conditions.editing import joined, part_at, removed, replaced, switched, turned
from courses.conditions.showing import choices, part_of
from courses.conditions.wording import condition_sentence
from courses.exceptions import CourseError
from courses.forms.conditions import PredicateForm
from courses.learning.facts import names_for
from courses.models import Activity
from courses.selectors.learning import plan_activities
from courses.services.checking import activities_findings
from courses.services.condition_editing import condition_mark, condition_set
from ecosystem.access import requires
from ecosystem.models import Power
from ecosystem.predicates import predicates
from ecosystem.rules import may_somewhere

ADDING = ("all", "any")
ACTS = {"remove": removed, "turn": turned, "switch": switched}


@requires(may_somewhere(Power.MANAGE_CONTENT))
@require_http_methods(["GET", "HEAD", "POST"])
def condition(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """``do`` says what is being changed (all, any, change), ``at`` which part, ``kind`` with which predicate."""
    activities = plan_activities(membership=request.membership, slug=slug, draft=True)  # type: ignore[attr-defined]
    activity = next((one for one in activities if one.uid == uid), None)
    if activity is None:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    do, at, kind = (str(asked.get(name, "")) for name in ("do", "at", "kind"))
    form = None
    try:
        if kind in predicates and do in {*ADDING, "change"}:
            form = _form(request, activity, activities, do, at, kind)
        if request.method == "POST" and (form is None or form.is_valid()):
            _save(request, activity, _changed(activity, do, at, form), request.POST.get("seen"))
            return redirect(request.path)
    except CourseError as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    return render(request, "courses/condition.html", _shown(activity, activities, do=do, at=at, kind=kind, form=form))


def _form(
    request: HttpRequest, activity: Activity, activities: list[Activity], do: str, at: str, kind: str
) -> PredicateForm:
    value = None
    if do == "change":
        value = part_at(activity.condition, at).get(kind)
    data = request.POST if request.method == "POST" else None
    by = request.membership  # type: ignore[attr-defined]
    return PredicateForm(data, predicate=predicates[kind], activities=activities, by=by, value=value)


def _changed(activity: Activity, do: str, at: str, form: PredicateForm | None) -> Any:
    if do in ACTS:
        return ACTS[do](activity.condition, at)
    if do == "clear":
        return None
    if form is None:
        raise CourseError(_("Choose what it waits for."))
    if do == "change":
        return replaced(activity.condition, at, form.leaf)
    return joined(activity.condition, at, form.leaf, sort=do)


def _save(request: HttpRequest, activity: Activity, tree: Any, seen: str | None) -> None:
    condition_set(activity=activity, condition=tree, by=request.membership, seen=seen)  # type: ignore[attr-defined]
    messages.success(request, _("Saved in the draft."))


def _shown(activity: Activity, activities: list[Activity], **asked: Any) -> dict[str, Any]:
    tree = activity.condition
    titles = {one.target_id: one.title for one in activities}
    names = names_for(trees=[tree], titles=titles)
    findings = [found.words for found in activities_findings(activities=activities) if activity.uid in found.keys]
    return {
        "activity": activity,
        "course": activity.element,
        "key": str(activity.uid),
        "part": part_of(tree, names) if tree else None,
        "sentence": condition_sentence(tree, names=names),
        "findings": findings,
        "mark": condition_mark(condition=tree),
        "choices": choices() if asked["do"] in ADDING and asked["form"] is None else None,
        "query": urlencode({"do": asked["do"], "at": asked["at"]}),
        **asked,
    }
