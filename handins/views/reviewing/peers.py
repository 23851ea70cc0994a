"""Peer review for authors, who set it, and for whoever marks: who reviews whom, what is missing, what is reported."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_author
from ecosystem.slugs import row_of_slug
from ecosystem.uids import uid_of
from handins.access import may_review
from handins.forms.peers import PeerPlanForm, PeerReasonForm, PeerSampleForm
from handins.models import Assignment, PeerPhase, PeerSample, PeerState
from handins.selectors import newest_rubric
from handins.selectors.exemplars import exemplars_for
from handins.selectors.peers import criteria_said, peer_phase_of, peer_plan_of, reviewers_of, reviews_marked
from handins.selectors.peers_planned import allocation_preview
from handins.selectors.peers_weighed import weighed
from handins.selectors.queue import assignments_reviewed, elements_marked
from handins.services.peers import peer_drop, peer_plan_set, peers_open
from handins.services.peers_reviewing import peer_review_exclude
from handins.services.peers_training import peer_sample_add, peer_sample_remove
from handins.views.making import own_assignment


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """How peers review an assignment."""
    found = own_assignment(request, slug)
    form = PeerPlanForm.of(peer_plan_of(found.element_id), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            peer_plan_set(assignment=found, by=actor(request), **form.cleaned_data)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("assignments:peers", slug)
    context = {"assignment": found, "form": form, "rubric": newest_rubric(found)}
    return render(request, "handins/peer_plan.html", context, status=400 if form.errors else 200)


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has given what. ``do=open`` opens it by hand, or shares out what is missing; ``do=drop`` takes the
    reviewer out whose is the review ``of``: their number would say who they are."""
    by = actor(request)
    found: Assignment = row_of_slug(assignments_reviewed(by), slug, element="element__")
    phase = peer_phase_of(found.element_id)
    if phase is None or not phase.plan.is_on:
        raise Http404
    if request.method == "POST":
        try:
            messages.success(request, _acted(request, phase))
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            messages.error(request, str(refusal))
        return redirect("reviewing:peers", slug)
    rows = list(reviews_marked(by, element_id=found.element_id).order_by("person_id", "place"))
    context = {
        "assignment": found, "phase": phase, "plan": phase.plan, "reviewers": reviewers_of(rows, weighed(phase).found.weights),
        "flagged": sorted((row for row in rows if row.flag and not row.excluded), key=lambda row: row.uid),
        "given": sum(row.state == PeerState.DONE for row in rows), "total": sum(row.state != PeerState.DROPPED for row in rows),
        "preview": allocation_preview(phase, by) if not phase.plan.is_over else None,
    }  # fmt: skip
    return render(request, "handins/peer_overview.html", context)


def _acted(request: HttpRequest, phase: PeerPhase) -> str:
    by, wish = actor(request), request.POST.get("do", "")
    if wish == "drop":
        mine = reviews_marked(by, element_id=phase.element_id)
        theirs = mine.filter(uid=uid_of(request.POST.get("of", ""))).first()
        if theirs is None:
            raise Http404
        gone = peer_drop(phase=phase, person_id=theirs.person_id, because=request.POST.get("because", ""), by=by)
        return ngettext("%(n)s review goes to others.", "%(n)s reviews go to others.", gone) % {"n": gone}
    made = peers_open(phase=phase, by=by)
    return ngettext("%(n)s review was shared out.", "%(n)s reviews were shared out.", made) % {"n": made}


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One review as it was given; a post leaves it out with a reason, or takes it back in with none."""
    by = actor(request)
    found = reviews_marked(by).filter(uid=uid).first()
    if found is None:
        raise Http404
    form = PeerReasonForm(request.POST or None, initial={"because": found.excluded})
    if request.method == "POST" and form.is_valid():
        try:
            peer_review_exclude(review=found, because=form.cleaned_data["because"], by=by)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error("because", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("reviewing:peer", uid)
    context = {"review": found, "said": criteria_said(found), "form": form}
    return render(request, "handins/peer_one.html", context, status=400 if form.errors else 200)


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    """Works to practise on, with what one finds of them; a post adds one."""
    by = actor(request)
    found: Assignment = row_of_slug(assignments_reviewed(by), slug, element="element__")
    rubric = newest_rubric(found)
    shown = exemplars_for(by).filter(element_id=found.element_id)
    form = PeerSampleForm(request.POST or None, rubric=rubric, exemplars=shown)
    if request.method == "POST" and form.is_valid():
        try:
            peer_sample_add(assignment=found, by=by, **form.facts())
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. From now on they practise on it first."))
            return redirect("reviewing:samples", slug)
    mine = Q(element__in=elements_marked(by)) | Q(
        by=by.person
    )  # with what the teacher finds: no answers for who only opens it
    rows = PeerSample.objects.filter(mine, element_id=found.element_id).annotate(tried=Count("tries")).order_by("pk")
    context = {"assignment": found, "rubric": rubric, "rows": rows, "form": form}
    return render(request, "handins/samples.html", context, status=400 if form.errors else 200)


@requires(may_review)
@require_http_methods(["POST"])
def sample(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take a sample away."""
    by = actor(request)
    found = PeerSample.objects.select_related("element").filter(uid=uid).first()
    if found is None or not assignments_reviewed(by).filter(element_id=found.element_id).exists():
        raise Http404
    peer_sample_remove(sample=found, by=by)
    messages.success(request, _("Taken away."))
    return redirect("reviewing:samples", found.element.slug)
