"""What a twin has of peer review: one that is under way, with drafts, and one that is over, with all that comes after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from handins.models import Assignment, PeerPhase, PeerPlan, PeerReview, Round
from handins.selectors.peers import reviews_by
from handins.services import (
    assignment_make,
    handin_file_add,
    mark_give,
    round_save,
    round_start,
    round_submit,
    rounds_release,
)
from handins.services.peers import peer_drop, peer_plan_set, peers_open
from handins.services.peers_reviewing import (
    peer_review_exclude,
    peer_review_flag,
    peer_review_helpful,
    peer_review_save,
    peer_review_send,
)
from handins.services.peers_training import peer_sample_add, peer_sample_try
from tests.guards.twins import Twin

PEOPLE = ("learner", "gardener", "admin", "author")


def bring_peers(twin: Twin, secret: str, prefix: str, criteria: list[dict[str, Any]]) -> None:
    marker, now = twin.people["instructor"], timezone.now()
    said = {
        "levels": {"0": 1}, "comments": {"0": f"{secret} seen"}, "strengths": f"{secret} strong", "advice": f"{secret} next",
    }  # fmt: skip
    running = _shared(twin, secret, f"{prefix}-peers", criteria)
    for who in PEOPLE[:3]:
        for row in reviews_by(twin.people[who], element_id=running.element_id):
            peer_review_save(review=row, by=twin.people[who], **said)
    author = twin.people["author"]
    phase = PeerPhase.objects.get(element_id=running.element_id)
    peer_drop(phase=phase, person_id=author.person_id, because=f"{secret} ill", by=marker)
    over = _shared(twin, secret, f"{prefix}-reviewed", criteria, share=50, quality=10)
    given: list[PeerReview] = []
    for who in PEOPLE:
        rows = reviews_by(twin.people[who], element_id=over.element_id)
        given += [peer_review_send(review=row, by=twin.people[who], **said) for row in rows]
    PeerPlan.objects.filter(element_id=over.element_id).update(closes_at=now - timedelta(minutes=1))
    people = {twin.people[who].person_id: twin.people[who] for who in PEOPLE}
    for row in given:
        peer_review_helpful(review=row, is_helpful=True, by=people[row.author_id])
    # Not of the administrator, who is to do it.
    first, second = [row for row in given if row.author_id != twin.people["admin"].person_id][:2]
    peer_review_flag(review=first, because=f"{secret} rude", by=people[first.author_id])
    peer_review_exclude(review=second, because=f"{secret} empty", by=marker)
    for round in Round.objects.filter(element_id=over.element_id).order_by("pk"):
        mark_give(round=round, levels={"0": 0}, comments={"0": f"{secret} look"}, passed=True, by=marker)
        rounds_release(rounds=[round], by=marker)
    sample = peer_sample_add(
        assignment=over, title=f"{secret} sample", text=f"{secret} to practise", levels={"0": 1},
        comments={"0": f"{secret} why"}, comment=f"{secret} all of it", by=marker,
    )  # fmt: skip
    peer_sample_try(sample=sample, levels={"0": 0}, words=f"{secret} I think", by=twin.people["learner"])


def _shared(twin: Twin, secret: str, slug: str, criteria: list[dict[str, Any]], **facts: Any) -> Assignment:
    """Four who have handed in, and the reviewing of it, open."""
    admin, now = twin.people["admin"], timezone.now()
    made = assignment_make(
        title=f"{secret} peers", slug=slug, markdown=f"{secret} to do", takes_files=True, criteria=criteria,
        is_compared=False, by=admin,
    )  # fmt: skip
    dates = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=9)}
    peer_plan_set(assignment=made, is_on=True, each=2, **dates, **facts, by=admin)
    for who in PEOPLE:
        person = twin.people[who]
        draft = round_start(assignment=made, by=person)
        round_save(round=draft, text=f"{secret} for peers", by=person)
        upload = SimpleUploadedFile(f"{secret}.pdf", b"%PDF-1.7 " + secret.encode())
        handin_file_add(round=draft, upload=upload, by=person)
        round_submit(round=draft, by=person)
    phase = PeerPhase.objects.get(element_id=made.element_id)
    phase.seed = 1
    phase.save()
    peers_open(phase=phase, by=twin.people["instructor"])
    return made
