"""A peer's review: kept while it is written, given, found helpful or reported, and left out with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import PeerReview, PeerState
from handins.selectors.assignments import newest_rubric
from handins.selectors.peers import reviews_by, reviews_marked, reviews_of, work_is_shown
from handins.selectors.peers_training import practice_of
from handins.services.checking import levels_checked, words_kept
from handins.services.locking import reason_kept
from handins.services.telling import tell_peer, tell_reviewer
from records.services import record

LONGEST, LONGEST_FLAG = 5_000, 500


@transaction.atomic
def peer_review_save(
    *,
    review: PeerReview,
    by: Membership,
    levels: Mapping[str, int] | None = None,
    comments: Mapping[str, str] | None = None,
    strengths: str | None = None,
    advice: str | None = None,
) -> PeerReview:
    """Keep what was chosen and written so far; what is not given stays. The same again changes nothing."""
    held = _held(review, by)
    return _kept(held, levels, comments, strengths, advice)


@transaction.atomic
def peer_review_send(*, review: PeerReview, by: Membership, **said: Any) -> PeerReview:
    """Give the review, after keeping what ``said`` (as for ``peer_review_save``). Until it is read it can be changed this way.

    Refuses one without a level for each criterion, or without words for what is good and what to do next.
    """
    held = _kept(_held(review, by), **{**dict.fromkeys(("levels", "comments", "strengths", "advice")), **said})
    rubric = held.rubric
    levels_checked(rubric=rubric, levels=held.levels)
    if not held.strengths:
        raise HandinError(_("Say what is good about it."))
    if not held.advice:
        raise HandinError(_("Say what to do next."))
    is_first, held.sent_at = held.state == PeerState.OPEN, clock.now()
    held.score = min(1.0, rubric.share(held.levels)) if rubric else None
    held.state = PeerState.DONE
    held.save(update_fields=["state", "sent_at", "score"])
    if is_first:
        record(verb="commented", element=held.element, person_id=by.person_id, context={"place": held.place})
        if held.phase.plan.at_once:
            body = gettext_lazy("Somebody has reviewed your work.")
            tell_peer(phase=held.phase, round=held.round, what=f"given:{held.pk}", body=body)
    return held


@transaction.atomic
def peer_review_helpful(*, review: PeerReview, is_helpful: bool, by: Membership) -> PeerReview:
    """Whose work it is says whether the review helped; another time changes it."""
    held = _received(review, by)
    held.helpful = is_helpful
    held.save(update_fields=["helpful"])
    return held


@transaction.atomic
def peer_review_flag(*, review: PeerReview, because: str, by: Membership) -> PeerReview:
    """Report a review to whoever gives feedback on the work. Once: what was said first stays."""
    held = _received(review, by)
    because = words_kept(said=because, most=LONGEST_FLAG + 1)
    if not because or len(because) > LONGEST_FLAG:
        raise HandinError(_("Say in at most %(most)s characters what is wrong with it.") % {"most": LONGEST_FLAG})
    if held.flag:
        return held
    held.flag = because
    held.save(update_fields=["flag"])
    tell_reviewer(round=held.round, what=f"flag:{held.pk}", body=gettext_lazy("A peer review was reported."))
    return held


@transaction.atomic
def peer_review_exclude(*, review: PeerReview, because: str, by: Membership) -> PeerReview:
    """Leave a review out with a reason, or take it back in with none: it counts for nothing and its learner does not read it."""
    if not reviews_marked(by).filter(pk=review.pk).exists():
        raise HandinError(_("Only somebody who marks the work of this person can do that."))
    held = PeerReview.objects.select_for_update(of=("self",), no_key=True).select_related("element").get(pk=review.pk)
    because = reason_kept(because=because)
    if held.excluded == because:
        return held
    before, held.excluded = held.excluded, because
    held.excluded_by = by.person if because else None
    held.save(update_fields=["excluded", "excluded_by"])
    audit(act="handin.peer_excluded", by=by.person, target=held, before={"because": before}, after={"because": because})
    return held


def _held(review: PeerReview, by: Membership) -> PeerReview:
    rows = reviews_by(by).select_for_update(of=("self",), no_key=True)
    found: PeerReview | None = rows.filter(pk=review.pk).first()
    if found is None or not work_is_shown(found):
        raise HandinError(_("The time to review this is over."))
    if not practice_of(by, found.phase.plan).is_ready:
        raise HandinError(_("Practise on a sample first."))
    if found.state == PeerState.DONE and found.phase.plan.at_once:
        raise HandinError(_("You have given this review, and it may have been read. It stays as it is."))
    return found


def _received(review: PeerReview, by: Membership) -> PeerReview:
    found: PeerReview | None = (
        reviews_of(by).select_related(None).select_for_update(of=("self",), no_key=True).filter(pk=review.pk).first()
    )
    if found is None:
        raise HandinError(_("This review is not about your work."))
    return found


def _kept(
    held: PeerReview,
    levels: Mapping[str, int] | None,
    comments: Mapping[str, str] | None,
    strengths: str | None,
    advice: str | None,
) -> PeerReview:
    if held.rubric is None:
        held.rubric = newest_rubric(held.round.submission.assignment)
    if levels is not None:
        held.levels = levels_checked(rubric=held.rubric, levels={**held.levels, **levels}, is_whole=False)
    if comments is not None:
        said = {**held.comments, **{place: words_kept(said=words, most=LONGEST) for place, words in comments.items()}}
        known = {str(place) for place in range(len(held.rubric.criteria if held.rubric else []))}
        held.comments = {place: words for place, words in said.items() if words and place in known}
    if strengths is not None:
        held.strengths = words_kept(said=strengths, most=LONGEST)
    if advice is not None:
        held.advice = words_kept(said=advice, most=LONGEST)
    held.saved_at = clock.now()
    held.save(update_fields=["rubric", "levels", "comments", "strengths", "advice", "saved_at"])
    return held
