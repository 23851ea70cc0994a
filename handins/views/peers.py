"""Peer review for those who hand in: what they have to review, each review, and what others say about their work."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.serving import stored_file
from ecosystem.slugs import row_of_slug
from handins.forms.peers import PeerReviewForm, PeerTryForm
from handins.models import Assignment, PeerReview, PeerState, PeerTry
from handins.selectors import assignments_for, newest_rubric
from handins.selectors.peers import (
    criteria_said,
    files_of,
    peer_phase_of,
    received,
    review_by,
    reviews_listed,
    reviews_of,
    title_of,
    work_is_shown,
)
from handins.selectors.peers_missed import missed_of
from handins.selectors.peers_training import beside, points_apart, practice_of, samples_for
from handins.selectors.peers_weighed import own_blends
from handins.services.peers_reviewing import (
    peer_review_flag,
    peer_review_helpful,
    peer_review_save,
    peer_review_send,
)
from handins.services.peers_training import peer_sample_try
from handins.views.nameless import nameless_download


@requires(is_member)
@require_safe
def peers(request: HttpRequest, slug: str) -> HttpResponse:
    """What one has to review, with how far one is, and what others say."""
    by = actor(request)
    found: Assignment = row_of_slug(assignments_for(by), slug, element="element__")
    if closed := closed_page(request, found.element):
        return closed
    phase = peer_phase_of(found.element_id)
    if phase is None or not phase.plan.is_on:
        raise Http404
    mine = reviews_listed(by, element_id=found.element_id)
    practice = practice_of(by, phase.plan)
    got = received(reviews_of(by, element_id=found.element_id))
    context = {
        "assignment": found, "phase": phase, "plan": phase.plan, "got": got,
        "mine": [(row, title_of(row)) for row in mine], "is_running": phase.opened_at is not None and not phase.plan.is_over,
        "practice": practice, "blends": own_blends(by, element_id=found.element_id),
        "given": sum(row.state == PeerState.DONE for row in mine),
        "next": next((row for row in mine if row.state == PeerState.OPEN), None),
    }  # fmt: skip
    return render(request, "handins/peers.html", context)


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def peer_review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One review. A post keeps it (``do=save``) or gives it (``do=send``) and goes on to the next."""
    found = _given(request, uid)
    if closed := closed_page(request, found.element):
        return closed
    by, is_open = actor(request), work_is_shown(found)
    if is_open and not practice_of(by, found.phase.plan).is_ready:
        return redirect("handins:peers", found.element.slug)
    may_write = is_open and not (found.state == PeerState.DONE and found.phase.plan.at_once)
    rubric = found.rubric or newest_rubric(found.round.submission.assignment)
    form = PeerReviewForm.of(found, rubric, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("do") == "send":
                peer_review_send(review=found, by=by, **form.facts())
                messages.success(request, _("Given. Thank you."))
                return _next(request, found)
            peer_review_save(review=found, by=by, **form.facts())
            messages.success(request, _("Kept as a draft."))
            return redirect("handins:peer-review", uid)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
    rows = reviews_listed(by, element_id=found.element_id)
    context = {
        "review": found, "title": title_of(found), "form": form, "is_open": is_open, "may_write": may_write,
        "missed": missed_of(found), "files": files_of(found), "said": criteria_said(found), "total": len(rows),
        "at": next((n for n, row in enumerate(rows, 1) if row.pk == found.pk), 1), "plan": found.phase.plan,
    }  # fmt: skip
    return render(request, "handins/peer_review.html", context, status=400 if form.errors else 200)


def _next(request: HttpRequest, found: PeerReview) -> HttpResponse:
    rows = reviews_listed(actor(request), element_id=found.element_id)
    row = next((one for one in rows if one.state == PeerState.OPEN), None)
    return redirect("handins:peer-review", row.uid) if row else redirect("handins:peers", found.element.slug)


@requires(is_member)
@require_safe
def peer_file(request: HttpRequest, uid: UUID, number: int) -> HttpResponseBase:
    """The ``number``-th file of the work, while it is reviewed; its name tells nobody whose it is where names are hidden."""
    found = _given(request, uid)
    if closed := closed_page(request, found.element):
        return closed
    shown = next((one for one in files_of(found) if one.number == number), None)
    if shown is None or not practice_of(actor(request), found.phase.plan).is_ready:
        raise Http404
    file = shown.file
    if found.phase.plan.is_anonymous:
        return nameless_download(request, file, name=shown.name, back=reverse("handins:peer-review", args=[uid]))
    return stored_file(request, file.file, media_type=file.media_type, name=shown.name, as_attachment=True)


@requires(is_member)
@require_http_methods(["POST"])
def peer_answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Whether a review of one's work helped (``do=yes``, ``do=no``), or that it is reported (``do=flag``)."""
    by = actor(request)
    found = reviews_of(by).filter(uid=uid).first()
    if found is None:
        raise Http404
    try:
        if request.POST.get("do") == "flag":
            peer_review_flag(review=found, because=request.POST.get("because", ""), by=by)
            messages.success(request, _("Reported. Whoever gives feedback looks at it."))
        else:
            peer_review_helpful(review=found, is_helpful=request.POST.get("do") != "no", by=by)
            messages.success(request, _("Thank you."))
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    return redirect("handins:peers", found.element.slug)


def _given(request: HttpRequest, uid: UUID) -> PeerReview:
    found = review_by(actor(request), uid)
    if found is None:
        raise Http404
    return found


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A work to practise on; after the post one's own review stands beside the teacher's."""
    by = actor(request)
    found = samples_for(by).filter(uid=uid).first()
    if found is None:
        raise Http404
    if closed := closed_page(request, found.element):
        return closed
    tried = PeerTry.objects.filter(sample=found, person_id=by.person_id).first()
    form = PeerTryForm(request.POST or None, rubric=found.rubric)
    if request.method == "POST" and tried is None and form.is_valid():
        try:
            peer_sample_try(sample=found, by=by, **form.facts())
            return redirect("handins:sample", uid)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(None, str(refusal))
    phase = peer_phase_of(found.element_id)
    context = {
        "sample": found, "tried": tried, "form": form, "plan": phase.plan if phase else None,
        "beside": beside(found, tried) if tried else [], "apart": points_apart(found, tried) if tried else 0,
        "is_near": bool(tried and phase) and points_apart(found, tried) <= phase.plan.near,
        "practice": practice_of(by, phase.plan) if phase and tried else None,
    }  # fmt: skip
    return render(request, "handins/sample.html", context, status=400 if form.errors and not tried else 200)
