"""Hand-ins for whoever gives feedback: the queue, one round with those before it, release, more time."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.documents import PDF
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.slugs import row_of_slug
from ecosystem.uids import uid_of
from handins.access import may_review, work_of
from handins.forms import ExtensionForm, MarkForm, ReasonForm
from handins.models import Assignment, Exemplar, Extension, Mark, Round, RoundState, Rubric
from handins.playing import players_set, playing
from handins.remark_views import RemarkForm
from handins.reviewed import reviewed_round
from handins.selectors import newest_rubric, rounds_shown, words_in
from handins.selectors.queue import (
    STATES,
    WHOSE,
    assignments_reviewed,
    markers_here,
    of_whom,
    queue_page,
    rounds_for,
    waiting_by_assignment,
    waits_for,
)
from handins.selectors.remarks import remarks_of
from handins.services import extension_give, mark_give, review_begin, rounds_release, submission_reopen


@requires(may_review)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; of one assignment, if one was chosen, and allocated to somebody or not."""
    by = actor(request)
    rows = rounds_for(by)
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    chosen = request.GET.get("of", "")
    whose = request.GET.get("whose", "")
    whose = whose if whose in WHOSE else "all"
    listed = of_whom(rows.filter(state__in=STATES[state]), by, whose)
    assignments = waiting_by_assignment(listed)
    if chosen:
        listed = listed.filter(element__slug=chosen)
    uid = uid_of(request.GET.get("after", ""))
    page = queue_page(listed, after=rows.filter(uid=uid).first() if uid else None)
    context = {
        "rows": [(row, waits_for(row)) for row in page.rows], "after": page.after, "state": state, "chosen": chosen, "whose": whose,
        "markers": markers_here() if page.rows and state == "waiting" else (),
        "assignments": assignments, "title": next((t for s, t, _n in assignments if s == chosen), ""),
    }  # fmt: skip
    return render(request, "handins/queue.html", context)


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round with everything that is needed to judge it. ``do=begin`` starts the review; else the form is the mark."""
    by, found = actor(request), reviewed_round(request, uid)
    rubric = _rubric(found)
    is_correction = found.state == RoundState.RETURNED
    form = MarkForm(
        request.POST if request.method == "POST" and request.POST.get("do") not in ("begin",) else None,
        assignment=found.submission.assignment,
        rubric=rubric,
        is_correction=is_correction,
        initial=_given(found),
    )
    if request.method == "POST":
        try:
            if not form.is_bound:
                review_begin(round=found, by=by)
                messages.success(request, _("The review has begun: it cannot be taken back any more."))
                return redirect("reviewing:round", uid)
            if form.is_valid():
                mark_give(round=found, by=by, **form.facts())
                if request.POST.get("do") == "release":
                    rounds_release(rounds=[found], by=by)
                messages.success(request, _said(request, is_correction=is_correction))
                return _next(request, found)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form = (
                form
                if form.is_bound
                else MarkForm({}, assignment=found.submission.assignment, rubric=rubric, is_correction=is_correction)
            )
            form.add_error(None, str(refusal))
    shown = rounds_shown(found.submission, for_reviewer=True)
    players_set(request, shown)
    remarked = remarks_of(shown, for_reviewer=True)
    for one in shown:
        one.remarked = remarked[one.round.pk]
    context = {
        "round": found, "shown": next(one for one in shown if one.round == found), "form": form, "rubric": rubric,
        "before": [one for one in shown if one.round.number < found.number], "waits": waits_for(found),
        "words": words_in(found.text), "is_correction": is_correction, "reason": ReasonForm(),
        "is_last": shown[-1].round == found, "other": found.reviewer if found.reviewer_id not in (None, by.person_id) else None,
    }  # fmt: skip
    context.update(
        may_remove_feedback=not is_correction,
        remark_form=RemarkForm(),
        me=by.person_id,
        exemplar=Exemplar.objects.filter(round=found).first(),
    )
    context["pdfs"] = [file for file in context["shown"].files if file.media_type == PDF]
    return playing(request, render(request, "handins/review.html", context, status=400 if form.errors else 200))


def _said(request: HttpRequest, *, is_correction: bool) -> str:
    if is_correction:
        return _("Corrected. The learner is told why.")
    if request.POST.get("do") == "release":
        return _("Released. The learner is told.")
    return _("Marked. The learner sees it once you release it.")


def _next(request: HttpRequest, found: Round) -> HttpResponse:
    """The next that waits of the same assignment, else the queue."""
    waiting = rounds_for(actor(request)).filter(element_id=found.element_id, state__in=STATES["waiting"])
    rows = queue_page(waiting).rows
    return redirect("reviewing:round", rows[0].uid) if rows else redirect("reviewing:queue")


def _rubric(found: Round) -> Rubric | None:
    mark = Mark.objects.filter(round=found).select_related("rubric").order_by("-pk").first()
    return mark.rubric if mark else newest_rubric(found.submission.assignment)


def _given(found: Round) -> dict[str, object]:
    """What the newest mark said, to go on from."""
    mark = Mark.objects.filter(round=found).order_by("-pk").first()
    if mark is None:
        return {}
    levels = {f"level_{place}": level for place, level in mark.levels.items()}
    comments = {f"comment_{place}": words for place, words in mark.comments.items()}
    passed = "yes" if mark.passed else "no"
    return {**levels, **comments, "comment": mark.comment, "percent": mark.percent, "passed": passed}


@requires(may_review)
@require_http_methods(["POST"])
def reopen(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One more round for the learner."""
    found = reviewed_round(request, uid)
    try:
        submission_reopen(round=found, because=request.POST.get("because", ""), by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Opened again. The learner is told why."))
    return redirect("reviewing:round", uid)


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def extensions(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has more time for an assignment; a post gives it to somebody."""
    by = actor(request)
    found: Assignment = row_of_slug(assignments_reviewed(by), slug, element="element__")
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            extension_give(assignment=found, person=said["email"], until=said["until"], reason=said["reason"], by=by)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("They have more time, and are told."))
            return redirect("reviewing:extensions", slug)
    rows = Extension.objects.filter(work_of(by), element_id=found.element_id).select_related("person", "given_by")
    context = {"assignment": found, "rows": rows.order_by("-until", "pk")[:500], "form": form}
    return render(request, "handins/extensions.html", context, status=400 if form.errors else 200)
