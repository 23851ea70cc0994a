"""The page on which an author lets invented learners live through a course. What they do stays in this browser's session."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from courses.conditions import Step
from courses.conditions.sample_learners import (
    MOST,
    Askable,
    askables,
    done,
    foretold,
    learner_from,
    learner_kept,
    lived,
    moved,
    released,
    said,
    unsaid,
)
from courses.conditions.simulation import SampleLearner
from courses.exceptions import CourseError
from courses.forms.simulator import ClockForm, FactForm, LearnerForm
from courses.learning.facts import elsewhere_of, names_for, steps_of, zone_here
from courses.selectors.learning import plan_activities
from ecosystem import clock
from ecosystem.access import requires
from ecosystem.models import Power
from ecosystem.predicates import Names
from ecosystem.rules import may_somewhere


@requires(may_somewhere(Power.MANAGE_CONTENT))
@require_http_methods(["GET", "HEAD", "POST"])
def simulate(request: HttpRequest, slug: str) -> HttpResponse:
    """``learner`` is the number of the one who is looked at."""
    activities = plan_activities(membership=request.membership, slug=slug)  # type: ignore[attr-defined]
    if not activities:
        raise Http404
    steps, zone = steps_of(activities), zone_here()
    key = f"simulator:{activities[0].element_id}"
    learners = [learner_from(kept) for kept in request.session.get(key, [])]
    number = _number(request, learners)
    form = LearnerForm(initial={"enrolled_on": clock.now().astimezone(zone).date()})
    if request.method == "POST":
        try:
            if request.POST.get("do") == "add":
                form = LearnerForm(request.POST)
                if form.is_valid():
                    number = _add(learners, form.cleaned_data, zone)
            elif learners:
                number = _act(request, learners, number, steps, zone)
        except CourseError as refusal:
            messages.error(request, str(refusal))
        if not form.errors:
            request.session[key] = [learner_kept(learner) for learner in learners]
            return redirect(f"{request.path}?learner={number}")
    return render(request, "courses/simulate.html", _shown(activities, steps, learners, number, form, zone))


def _number(request: HttpRequest, learners: list[SampleLearner]) -> int:
    asked = str(request.GET.get("learner", "0"))
    return min(int(asked), max(len(learners) - 1, 0)) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


def _add(learners: list[SampleLearner], facts: dict[str, Any], zone: Any) -> int:
    if len(learners) >= MOST:
        raise CourseError(_("At most %(most)s sample learners at once.") % {"most": MOST})
    begin = datetime.combine(facts["enrolled_on"], time(9), tzinfo=zone)
    learners.append(
        learner_from(
            {
                "name": facts["name"],
                "enrolled_at": begin.isoformat(),
                "at": begin.isoformat(),
                "starts_on": facts["starts_on"].isoformat() if facts["starts_on"] else None,
                "groups": facts["groups"],
                "roles": [facts["role"]],
            }
        )
    )
    return len(learners) - 1


def _act(request: HttpRequest, learners: list[SampleLearner], number: int, steps: list[Step], zone: Any) -> int:
    do, uid, learner = request.POST.get("do"), str(request.POST.get("uid", "")), learners[number]
    if do == "remove":
        del learners[number]
        return 0
    if do == "clock":
        learners[number] = moved(learner, by=str(request.POST.get("by", "")), to=_moment(request, zone))
    elif do in {"say", "unsay"}:
        learners[number] = _said(request, learner, steps, do)
    elif do == "release":
        learners[number] = released(steps, learner, uid=uid)
    elif do == "step":
        percent = _percent(str(request.POST.get("percent", "")))
        verb = str(request.POST.get("verb", ""))
        learners[number] = done([*steps, *elsewhere_of(steps)], learner, uid=uid, verb=verb, percent=percent, zone=zone)
    return number


def _said(request: HttpRequest, learner: SampleLearner, steps: list[Step], do: str) -> SampleLearner:
    """Something that is simply so, or no longer."""
    one = next((one for one in askables(steps) if one.key == request.POST.get("what")), None)
    if one is None:
        raise CourseError(_("No condition asks for that."))
    if do == "unsay":
        return unsaid(learner, one)
    form = FactForm(request.POST, ask=one.invent.ask, prefix=one.key)
    if not form.is_valid():
        raise CourseError(next(line for lines in form.errors.values() for line in lines))
    return said(learner, one, value=form.cleaned_data["value"])


def _moment(request: HttpRequest, zone: Any) -> datetime | None:
    if request.POST.get("by"):
        return None
    form = ClockForm(request.POST)
    if not form.is_valid():
        raise CourseError(_("Choose where the clock should stand."))
    return datetime.combine(form.cleaned_data["day"], form.cleaned_data["hour"], tzinfo=zone)


def _percent(text: str) -> float | None:
    try:
        return float(text) if text.strip() else None
    except ValueError:
        raise CourseError(_("Choose what comes of it.")) from None


def _shown(
    activities: list[Any], steps: list[Step], learners: list[SampleLearner], number: int, form: LearnerForm, zone: Any
) -> dict[str, Any]:
    learner = learners[number] if learners else None
    names = names_for(trees=[step.condition for step in steps], titles={step.target_id: step.title for step in steps})
    local = learner.at.astimezone(zone) if learner else None
    return {
        "course": activities[0].element,
        "learners": learners,
        "number": number,
        "learner": learner,
        "now": local,
        "clock": ClockForm(initial={"day": local.date(), "hour": local.time()}) if local else None,
        "rows": lived(steps, learner, names=names, zone=zone) if learner else [],
        "elsewhere": lived(elsewhere_of(steps), learner, names=names, zone=zone) if learner else [],
        "facts": [_fact(one, learner, names) for one in askables(steps)] if learner else [],
        "coming": foretold(steps, learner, zone=zone) if learner else [],
        "form": form,
        "may_add": len(learners) < MOST,
    }


def _fact(one: Askable, learner: SampleLearner, names: Names) -> dict[str, Any]:
    """``said`` is what was said of it so far, in words."""
    known = next((g for g in learner.given if (g.source, g.subject) == (one.source, one.subject)), None)
    title = names.others.get((one.source, one.subject)) or names.titles.get(one.subject)  # type: ignore[call-overload]
    return {
        "key": one.key,
        "label": one.invent.label,
        "title": title,
        "said": one.invent.words(known.value) if known else "",
        "form": FactForm(ask=one.invent.ask, prefix=one.key, initial={"value": known.value if known else None}),
    }
