"""Hand-ins for whoever gives feedback: the queue, one round with those before it, release, more time."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.documents import PDF
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_admin
from ecosystem.slugs import row_of_slug
from ecosystem.uids import uid_of
from handins.access import may_review, work_of
from handins.anonymity import veil
from handins.forms.commenting import RemarkForm
from handins.forms.reviewing import ExtensionForm, MarkForm, ReasonForm, VerdictForm
from handins.forms.teams import AdjustmentForm
from handins.models import (
    Assignment,
    ConfirmationState,
    Exemplar,
    Extension,
    IndependentMark,
    Mark,
    Round,
    RoundState,
    Rubric,
)
from handins.selectors import RoundShown, newest_rubric, rounds_shown, words_in
from handins.selectors.comments import comments_beside
from handins.selectors.confirming import confirmations_set, is_unconfirmed
from handins.selectors.double import Double, agreement_of, double_of, not_sealed, seal, sealed_among
from handins.selectors.moderation import moderating_of, stands_for_two
from handins.selectors.peers import is_under_review
from handins.selectors.peers_weighed import proposal_of
from handins.selectors.queue import STATES, assignments_reviewed, in_turn, rounds_to_list, waits_since
from handins.selectors.queue_pages import (
    MODERATE,
    WHOSE,
    Part,
    markers_named,
    queue_page,
    teams_and_peers,
    waiting_by_assignment,
)
from handins.selectors.remarks import remarks_of
from handins.selectors.similarity import hints_of
from handins.selectors.teams import team_parts_set
from handins.services import extension_give, review_begin, submission_reopen
from handins.services.double import marks_average
from handins.services.lateness import late_days
from handins.views.playing import players_set, playing
from handins.views.reviewing.commenting import aside_taken, is_about_comments
from handins.views.reviewing.judging import AVERAGE, mark_taken
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits, the longest first; of one assignment, if one was chosen, and allocated to somebody or not."""
    by, asked = actor(request), request.GET
    state, whose, chosen = asked.get("state", ""), asked.get("whose", ""), asked.get("of", "")
    part = Part(by, state if state in (*STATES, MODERATE) else "waiting", whose if whose in WHOSE else "all")
    assignments = waiting_by_assignment(part)
    page = queue_page(part, of=chosen, after=uid_of(asked.get("after", "")))
    in_teams, by_peers = teams_and_peers(by)
    context = {
        "in_teams": in_teams, "by_peers": by_peers, "rows": page.rows, "after": page.after,
        "state": part.state, "chosen": chosen, "whose": part.whose,
        "has_boxes": part.has_boxes, "has_double": any(row.is_double for row in page.rows),
        "markers": markers_named() if page.rows and part.state == "waiting" else (),
        "assignments": assignments, "title": next((t for s, t, _n in assignments if s == chosen), ""),
    }  # fmt: skip
    return render(request, "handins/queue.html", context)


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One round with everything that is needed to judge it. ``do=begin`` starts the review; else the form is the mark."""
    by, found = actor(request), reviewed_round(request, uid)
    double, is_about_marks = double_of(found, by), not is_about_comments(request)
    data = request.POST if request.method == "POST" and not _is_aside(request) else None
    given = {} if double else _given(found)
    form = _mark_form(found, data, initial=aside_taken(request, given) if _is_aside(request) else given)
    if request.method == "POST" and is_about_marks:
        try:
            if (onward := _judged(request, found, form, double)) is not None:
                return onward
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form = form if form.is_bound else _mark_form(found, {})
            form.add_error(None, str(refusal))
    context = {**_work_context(request, found), **_marking_context(found, by, double), "form": form}
    context.update(inserted=not is_about_marks, adjusting=_adjusting(found, context["shown"]))
    return playing(request, render(request, "handins/review.html", context, status=400 if form.errors else 200))


def _mark_form(found: Round, data: Any, **kwargs: Any) -> MarkForm:
    is_correction, assignment = found.state == RoundState.RETURNED, found.submission.assignment
    return MarkForm(data, assignment=assignment, rubric=_rubric(found), is_correction=is_correction, **kwargs)


def _judged(request: HttpRequest, found: Round, form: MarkForm, double: Double | None) -> HttpResponse | None:
    """Do what the button says, and lead on; None when the form is wrong."""
    by, wish = actor(request), request.POST.get("do")
    if wish == AVERAGE:
        marks_average(round=found, by=by)
        messages.success(request, _("Agreed. The learner sees it once you release it."))
        return redirect("reviewing:round", found.uid)
    if not form.is_bound:
        review_begin(round=found, by=by)
        messages.success(request, _("The review has begun: it cannot be taken back any more."))
        return redirect("reviewing:round", found.uid)
    if not form.is_valid():
        return None
    said = mark_taken(round=found, by=by, facts=form.facts(), double=double, release=wish == "release")
    messages.success(request, said)
    return _next(request, found)


def _work_context(request: HttpRequest, found: Round) -> dict[str, Any]:
    """What was handed in, with the rounds before."""
    shown = shown_to(request, found)
    this = next(one for one in shown if one.round == found)
    waits = [one for one in this.confirmations if one.state == ConfirmationState.WAITING]
    late_off = min(100, late_days(round=found) * found.submission.assignment.late_points)
    return {
        "round": found, "late_off": late_off, "shown": this, "before": [one for one in shown if one.round.number < found.number],
        "is_last": shown[-1].round == found, "unconfirmed": waits[0] if waits else None, "waits": waits_since(found.submitted_at, hides_names=found.hides_names), "words": words_in(found.text),
        "submitted": this.submitted, "pdfs": [file for file in this.files if file.media_type == PDF],
        "hints": hints_of(found, actor(request)), "exemplar": Exemplar.objects.filter(round=found).first(),
    }  # fmt: skip


def _marking_context(found: Round, by: Membership, double: Double | None) -> dict[str, Any]:
    """What others found of it, and what this person may do."""
    is_correction, other = found.state == RoundState.RETURNED, found.reviewer
    return {
        "rubric": _rubric(found), "is_correction": is_correction, "may_remove_feedback": not is_correction, "me": by.person_id,
        "other": other if found.reviewer_id not in (None, by.person_id) else None,
        "is_under_review": found.state == RoundState.SUBMITTED and is_under_review(found),
        "double": double, "agreement": agreement_of(found) if double is None else None,
        "is_firm": stands_for_two(found), "proposal": proposal_of(found, by), "moderating": moderating_of(found, by),
        "saved": comments_beside(by, element_id=found.element_id), "may_reveal": found.hides_names and is_admin(by),
        "remark_form": RemarkForm(), "verdict_form": VerdictForm(), "reason": ReasonForm(),
        "reveal": ReasonForm(auto_id="reveal_%s"), "knows": ReasonForm(auto_id="knows_%s"),
    }  # fmt: skip


def shown_to(request: HttpRequest, found: Round) -> list[RoundShown]:
    """All rounds of the hand-in, as this person may see them."""
    by = actor(request)
    shown = rounds_shown(found.submission, for_reviewer=True)
    sealed = sealed_among(one.round for one in shown)
    seal(shown, sealed, by)
    players_set(request, shown)
    if found.submission.assignment.is_on_the_job:
        confirmations_set(shown)
    remarked = remarks_of(shown, for_reviewer=True, only=not_sealed(by) if sealed else None)
    for one in shown:
        one.remarked = remarked[one.round.pk]
    if found.hides_names:
        veil(shown)
    elif found.submission.team_id is not None:
        team_parts_set(shown, assignment=found.submission.assignment)
    return shown


def _adjusting(found: Round, shown: RoundShown) -> AdjustmentForm | None:
    if shown.team is None:
        return None
    has_pass_mark = found.submission.assignment.pass_mark is not None
    return AdjustmentForm(people=[part.person for part in shown.team.parts], has_pass_mark=has_pass_mark)


def _is_aside(request: HttpRequest) -> bool:
    """A button that gives no mark."""
    return request.POST.get("do") in ("begin", AVERAGE) or is_about_comments(request)


def _next(request: HttpRequest, found: Round) -> HttpResponse:
    """The next that waits of the same assignment, can be marked, and has no mark of one's own yet; else the queue."""
    by = actor(request)
    waiting = rounds_to_list(by).filter(~is_unconfirmed(), element_id=found.element_id, state__in=STATES["waiting"])
    waiting = waiting.exclude(Exists(IndependentMark.objects.filter(round=OuterRef("pk"), by_id=by.person_id)))
    uid = in_turn(waiting).values_list("uid", flat=True).first()
    return redirect("reviewing:round", uid) if uid else redirect("reviewing:queue")


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
    percent = None if mark.percent is None else mark.percent + mark.late_points  # it is taken off anew
    return {**levels, **comments, "comment": mark.comment, "percent": percent, "passed": passed}


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
