"""What is done with several hand-ins of the queue at once: allocated, moved on, released; and one goes back to marking."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor, number_of
from ecosystem.slugs import row_of_slug
from ecosystem.uids import uid_of
from handins.access import may_review
from handins.forms.allocating import AllocationForm
from handins.models import Assignment, Round, RoundState
from handins.selectors.allocating import loads_of
from handins.selectors.marking import releases_of
from handins.selectors.queue import assignments_reviewed, groups_marked, in_turn, markers_here, rounds_for
from handins.services import (
    marking_reopen,
    rounds_allocate,
    rounds_allocate_balanced,
    rounds_allocate_group,
    rounds_release,
    rounds_stage,
)
from handins.views.reviewing.reviewed import reviewed_round

MOST_AT_ONCE = 200
TO_RELEASE = "/reviewing/?state=marked"


def ticked(request: HttpRequest) -> list[Round]:
    wanted = [uid for text in request.POST.getlist("round")[:MOST_AT_ONCE] if (uid := uid_of(text))]
    return list(in_turn(rounds_for(actor(request)).filter(uid__in=wanted)))


def _act(request: HttpRequest, act: Callable[[list[Round]], str], back: str) -> HttpResponse:
    """Do it with what is ticked, and say what came of it where one was."""
    rows = ticked(request)
    if not rows:
        messages.error(request, _("Tick at least one."))
        return redirect(back)
    try:
        messages.success(request, act(rows))
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    return redirect(back)


@requires(may_review)
@require_http_methods(["POST"])
def release(request: HttpRequest) -> HttpResponse:
    """First who gets what, and what it means; with ``sure`` the learners see the marks of what is ticked."""

    def done(rows: list[Round]) -> str:
        count = rounds_release(rounds=rows, by=actor(request))
        said = ngettext("%(n)s released. They are told.", "%(n)s released. They are told.", count)
        return said % {"n": count}

    rows = ticked(request)
    if request.POST.get("sure") or not rows:
        return _act(request, done, TO_RELEASE)
    return render(request, "handins/release.html", {"releases": releases_of(rows)})


@requires(may_review)
@require_http_methods(["POST"])
def stage(request: HttpRequest) -> HttpResponse:
    """Say how far the marks of what is ticked are."""

    def done(rows: list[Round]) -> str:
        count = rounds_stage(rounds=rows, to=request.POST.get("to", ""), by=actor(request))
        return ngettext("%(n)s moved.", "%(n)s moved.", count) % {"n": count}

    return _act(request, done, TO_RELEASE)


@requires(may_review)
@require_http_methods(["POST"])
def allocate(request: HttpRequest) -> HttpResponse:
    """What is ticked is for one marker, or for nobody in particular."""

    def done(rows: list[Round]) -> str:
        pk = number_of(request.POST, "marker")
        marker = _marker(pk) if pk else None
        second = request.POST.get("as") == "second"
        count = rounds_allocate(rounds=rows, marker=marker, is_second=second, by=actor(request))
        return ngettext("%(n)s allocated.", "%(n)s allocated.", count) % {"n": count}

    return _act(request, done, own_path(request, default="/reviewing/"))


def _marker(pk: int) -> Membership:
    found = next((one for one in markers_here() if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def allocation(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits of an assignment, given to several markers evenly, or that of a group to one."""
    by = actor(request)
    found: Assignment = row_of_slug(assignments_reviewed(by), slug, element="element__")
    markers = list(markers_here())
    form = AllocationForm(
        request.POST if request.method == "POST" else None,
        markers=markers,
        loads=loads_of(one.person_id for one in markers),
        groups=groups_marked(by),
        by_group=not found.is_anonymous,
    )
    if request.method == "POST" and form.is_valid():
        chosen, group = form.cleaned_data["markers"], form.cleaned_data.get("group")
        try:
            if group is not None:
                count = rounds_allocate_group(group_id=group.pk, element_id=found.element_id, marker=chosen[0], by=by)
            else:
                count = rounds_allocate_balanced(element_id=found.element_id, markers=chosen, by=by)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
        else:
            messages.success(request, ngettext("%(n)s allocated.", "%(n)s allocated.", count) % {"n": count})
            return redirect("reviewing:allocation", slug)
    waiting = rounds_for(by).filter(element_id=found.element_id, state__in=RoundState.waiting(), marker=None)
    context = {"assignment": found, "form": form, "free": waiting.count()}
    return render(request, "handins/allocation.html", context, status=400 if form.errors else 200)


@requires(may_review)
@require_http_methods(["POST"])
def unmark(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Back to marking, before the learner has seen the mark."""
    found = reviewed_round(request, uid)
    try:
        marking_reopen(round=found, because=request.POST.get("because", ""), by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It can be marked again. The log keeps why."))
    return redirect("reviewing:round", uid)
