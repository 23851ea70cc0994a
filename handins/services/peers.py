"""Peer review of an assignment: set, opened, allocated, reminded of and closed. Each of these twice is once.

Whatever changes who reviews what holds the phase first, so two at once are one after the other.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.rules import is_author
from ecosystem.scope import current_scope, open_scope, system_rows
from ecosystem.services.audit import audit
from handins.computations.allocation import pairs_missing
from handins.exceptions import HandinError
from handins.models import Assignment, PeerPhase, PeerPlan, PeerReview, PeerState, Round
from handins.selectors.peers import AllocationAsked, allocation_asked, is_under_review, peer_phase_of, peer_plan_of
from handins.services.locking import reason_kept
from handins.services.marking_rights import marks_people, refuse_no_marker
from handins.services.telling import tell_peer

SET = ("is_on", "each", "opens_at", "closes_at", "is_anonymous", "at_once", "share", "quality", "near")
logger = logging.getLogger(__name__)
REMINDED_BEFORE = timedelta(days=1)


@transaction.atomic
def peer_plan_set(*, assignment: Assignment, by: Membership, **facts: Any) -> PeerPlan:
    """Say how peers review this assignment. After the opening neither who sees names nor what counts can change."""
    _refuse_reader(assignment, by)
    if unknown := set(facts) - set(SET):
        raise TypeError(unknown)
    Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
    plan = peer_plan_of(assignment.element_id) or PeerPlan(
        environment_id=assignment.environment_id, element_id=assignment.element_id, assignment=assignment
    )
    before = {name: getattr(plan, name) for name in SET}
    for name, value in facts.items():
        setattr(plan, name, value)
    changed = {name: getattr(plan, name) for name in SET if getattr(plan, name) != before[name]}
    if plan.pk is not None and not changed:
        return plan
    _refuse_nonsense(plan)
    if _is_opened(plan) and changed.keys() - {"closes_at", "share", "near"}:
        raise HandinError(_("The reviewing has begun: now only its end and what peers count for can change."))
    plan.save()
    if plan.is_on:
        phase_of(plan=plan)
    if "closes_at" in changed:
        PeerPhase.objects.filter(plan=plan).update(reminded_at=None, closed_at=None)
    said = {name: str(value) for name, value in changed.items()}
    audit(act="handin.peers_set", by=by.person, target=plan, before={n: str(before[n]) for n in said}, after=said)
    return plan


def phase_of(*, plan: PeerPlan) -> PeerPhase:
    """The peer review in this environment; its seed is drawn once."""
    found, _new = PeerPhase.objects.get_or_create(
        environment_id=current_scope().environment_id,
        element_id=plan.element_id,
        defaults={"plan": plan, "seed": secrets.randbits(48)},
    )
    made: PeerPhase = found
    return made


@transaction.atomic
def peers_open(*, phase: PeerPhase, by: Membership | None = None) -> int:
    """Give everybody who has handed in their reviews, and tell them; again: only what is missing. Returns how many were new.

    ``by`` opens it by hand, which makes it open from now on. Refuses with fewer than two works.
    """
    held = _held(phase)
    plan = held.plan
    if by is not None:
        refuse_no_marker(by=by, element_id=held.element_id)
    if not plan.is_on or plan.is_over:
        raise HandinError(_("There is no peer review to open: it is off, or over."))
    asked = allocation_asked(held)
    if held.opened_at is None and len(asked.works) < 2:
        raise HandinError(_("Peers can review once two have handed in."))
    if held.opened_at is None:
        held.opened_at = clock.now()
        held.save(update_fields=["opened_at"])
        audit(act="handin.peers_opened", by=by.person if by else None, target=held, after={"works": len(asked.works)})
    return _allocated(held, asked)


def peers_joined(*, round: Round) -> None:
    """Somebody handed in: where the reviewing is open, they take part in it at once."""
    plan = peer_plan_of(round.element_id)
    if plan is None or not plan.is_on or plan.is_over:
        return
    held = _held(phase_of(plan=plan))
    if held.opened_at is not None:
        _allocated(held, allocation_asked(held))


def refuse_under_review(*, round: Round) -> None:
    """Work that peers look at stays handed in. Nothing is shared out until the transaction ends."""
    if (phase := peer_phase_of(round.element_id)) is not None:
        _held(phase)
    if is_under_review(round):
        raise HandinError(_("Others are reviewing it already, so it stays handed in."))


@transaction.atomic
def peer_drop(*, phase: PeerPhase, person_id: int, because: str, by: Membership) -> int:
    """This person reviews no more: what they have not given goes to others. Returns how many reviews. Twice is once."""
    held = _held(phase)
    if person_id == by.person_id or not marks_people(by=by, element_id=held.element_id, person_ids=[person_id]):
        raise HandinError(_("Only who marks the work of this person can do that."))
    because = reason_kept(because=because)
    if not because:
        raise HandinError(_("Say why."))
    gone = PeerReview.objects.filter(phase=held, person_id=person_id, state=PeerState.OPEN).update(
        state=PeerState.DROPPED
    )
    if gone:
        audit(act="handin.peer_dropped", by=by.person, target=held, after={"person": person_id, "because": because})
        if held.plan.is_on and not held.plan.is_over:
            _allocated(held, allocation_asked(held))
    return gone


def peers_due() -> list[tuple[int, int, str]]:
    """(environment, phase, what): what waits to be opened, reminded of or closed, in whichever environment."""
    now, found = clock.now(), []
    with system_rows():
        rows = PeerPhase.objects.filter(closed_at=None, plan__is_on=True, plan__opens_at__lte=now)
        rows = rows.select_related("plan").order_by("pk")
        for phase in rows:
            if phase.plan.closes_at <= now:
                found.append((phase.environment_id, phase.pk, "close"))
            elif phase.opened_at is None:
                found.append((phase.environment_id, phase.pk, "open"))
            elif phase.reminded_at is None and phase.plan.closes_at - REMINDED_BEFORE <= now:
                found.append((phase.environment_id, phase.pk, "remind"))
            else:
                found.append((phase.environment_id, phase.pk, "fill"))
    return found


def peers_done(*, environment_id: int, phase_id: int, what: str) -> bool:
    """Do what is due, in a transaction of its own. False when it cannot be done yet; one that fails stops no other."""
    try:
        with open_scope(environment_id=environment_id):
            phase = PeerPhase.objects.filter(pk=phase_id).first()
            if phase is None:
                return False
            match what:
                case "close":
                    _close(phase)
                case "remind":
                    _remind(phase)
                case _:
                    _leavers_drop(_held(phase))
                    _fill(phase)
            return True
    except Exception:
        logger.exception("a peer review could not be looked after")
        return False


def _fill(phase: PeerPhase) -> None:
    # Fewer than two works are no fault: it is looked at again. Who has left stays out of it either way.
    with suppress(HandinError):
        peers_open(phase=phase)


def _close(phase: PeerPhase) -> None:
    held = _held(phase)
    if held.closed_at is not None or not held.plan.is_over:
        return
    held.closed_at = clock.now()
    held.save(update_fields=["closed_at"])
    if not held.plan.at_once:
        reviews = PeerReview.objects.filter(phase=held, state=PeerState.DONE).select_related("round__submission")
        for review in reviews.order_by("round_id", "pk").distinct("round_id"):
            tell_peer(
                phase=held, round=review.round, what="closed",
                body=gettext_lazy("Others have reviewed your work. Read what they say."),
            )  # fmt: skip


def _remind(phase: PeerPhase) -> None:
    held = _held(phase)
    if held.reminded_at is not None or held.plan.is_over:
        return
    held.reminded_at = clock.now()
    held.save(update_fields=["reminded_at"])
    waiting = PeerReview.objects.filter(phase=held, state=PeerState.OPEN).order_by("person_id")
    for person_id in waiting.values_list("person_id", flat=True).distinct():
        tell_peer(
            phase=held, person_id=person_id, what=f"remind:{held.plan.closes_at.timestamp()}",
            body=gettext_lazy("Reviews of yours are still missing, and the time for them ends soon."),
        )  # fmt: skip


def _leavers_drop(held: PeerPhase) -> None:
    """Who is a member no more gives no more reviews."""
    here = Membership.objects.filter(ended_at=None).values("person_id")
    rows = PeerReview.objects.filter(phase=held, state=PeerState.OPEN).exclude(person_id__in=here)
    rows.update(state=PeerState.DROPPED)


def _allocated(held: PeerPhase, asked: AllocationAsked) -> int:
    pairs = pairs_missing(
        works=asked.works, reviewers=asked.reviewers, existing=asked.existing, barred=asked.barred,
        each=held.plan.each, seed=held.seed,
    )  # fmt: skip
    now, rows, places = clock.now(), [], dict(asked.places)
    for round_id, person_id in pairs:
        places[person_id] = places.get(person_id, 0) + 1
        rows.append(
            PeerReview(
                environment_id=held.environment_id, phase=held, element_id=held.element_id, round_id=round_id,
                person_id=person_id, author_id=asked.makers[round_id], place=places[person_id], allocated_at=now,
            )
        )  # fmt: skip
    rows.sort(
        key=lambda row: row.uid
    )  # the pairs come round the ring, and so would their numbers: that tells whose work is whose
    PeerReview.objects.bulk_create(rows, batch_size=500)
    for person_id in sorted({row.person_id for row in rows}):
        tell_peer(
            phase=held, person_id=person_id, what=f"allocated:{places[person_id]}",
            body=gettext_lazy("Work of others waits for your review."),
        )  # fmt: skip
    return len(rows)


def _is_opened(plan: PeerPlan) -> bool:
    return plan.pk is not None and PeerPhase.objects.filter(plan=plan).exclude(opened_at=None).exists()


def _held(phase: PeerPhase) -> PeerPhase:
    rows = PeerPhase.objects.select_for_update(of=("self",), no_key=True).select_related("plan", "element")
    found: PeerPhase = rows.get(pk=phase.pk)
    return found


def _refuse_reader(assignment: Assignment, by: Membership) -> None:
    if not is_author(by):
        raise HandinError(_("Only who makes content can do that."))
    if assignment.environment_id != current_scope().environment_id:
        raise HandinError(_("It comes from the environment above and is changed there."))


def _refuse_nonsense(plan: PeerPlan) -> None:
    if not 1 <= plan.each <= 10:
        raise HandinError(_("Everybody gives 1 to 10 reviews."))
    if plan.is_on and (plan.opens_at is None or plan.closes_at is None):
        raise HandinError(_("Say when the reviewing opens and when it closes."))
    if plan.opens_at and plan.closes_at and plan.opens_at >= plan.closes_at:
        raise HandinError(_("The reviewing opens before it closes."))
    if plan.is_on and plan.quality and plan.assignment.is_anonymous:
        raise HandinError(_("It is marked without names, so reviewing cannot count: that would tell whose work it is."))
    if plan.share + plan.quality > 100 or plan.quality > 50:
        raise HandinError(_("Peers count for at most 100% together, and reviewing for at most 50%."))
