"""What a twin has of hand-ins: an assignment with a rubric, a draft with a file, and rounds in each state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ecosystem.models import Membership
from handins.models import Assignment, Confirmation, Confirmer, Round
from handins.services import (
    assignment_make,
    extension_give,
    handin_file_add,
    mark_give,
    review_begin,
    round_save,
    round_start,
    round_submit,
    rounds_release,
)
from handins.services.comments import comment_keep
from handins.services.confirming import confirmation_answer
from handins.services.conflicts import conflict_record
from handins.services.double import independent_mark_give, marks_average
from handins.services.exemplars import exemplar_answer, exemplar_ask
from handins.services.feedback_files import feedback_file_add
from handins.services.moderating import verdict_give
from handins.services.naming import name_reveal
from handins.services.pages import page_kept
from handins.services.remarks import remark_add
from handins.services.results import adjustment_give
from handins.services.similarity import outside_report_keep, round_compare
from handins.services.teams import team_make
from handins.services.uploading import SMALLEST_PART as PART
from handins.services.uploading import upload_begin, upload_take
from tests.guards.scene_peers import bring_peers
from tests.guards.twins import Twin

FILM = b"\x1a\x45\xdf\xa3" + b"x" * (PART - 4)
# The least that is a page; what stands behind it is a remark of the file.
A_PAGE = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 120]>>endobj trailer<</Root 1 0 R>>\n%"
)

# Not compared with others: to read its files takes a process each, and one assignment with hints is enough.
ALONE = {"is_compared": False}
# Enough words in the same order for a hint that hand-ins are alike.
COMMON = "and what anybody would say of it who was there on that day with all of the others and saw how it went on until the end"


def bring_handins(twin: Twin, secret: str, prefix: str) -> None:
    admin, learner, marker = twin.people["admin"], twin.people["learner"], twin.people["instructor"]
    levels = [{"title": f"{secret} {word}", "points": points} for points, word in enumerate(("no", "yes"))]
    criteria = [{"title": f"{secret} criterion", "weight": 1, "levels": levels}]
    assignment = assignment_make(
        title=f"{secret} hand-in", slug=f"{prefix}-handin", summary=secret, markdown=f"{secret} to do", criteria=criteria,
        takes_files=True, takes_link=True, due_at=timezone.now() + timedelta(days=9), honour=f"{secret} word", by=admin,
    )  # fmt: skip
    more = timezone.now() + timedelta(days=20)
    extension_give(assignment=assignment, person=learner.person, until=more, reason=f"{secret} ill", by=marker)
    rounds: dict[Membership, Round] = {}
    good = assignment_make(
        title=f"{secret} example",
        slug=f"{prefix}-example",
        markdown=f"{secret} to do",
        takes_files=True,
        by=admin,
        **ALONE,
    )
    # In this order, so that the first, the middle and the last are what the doors are for (cross_rows.py).
    shown = {person: _draft(good, person, secret) for person in (learner, admin)}
    _team(twin, secret, prefix)
    bring_peers(twin, secret, prefix, criteria)
    for person in (learner, twin.people["author"], admin, twin.people["gardener"]):
        rounds[person] = _draft(assignment, person, secret)
    for person, size in ((twin.people["author"], 2 * PART), (admin, PART)):
        upload = upload_begin(round=rounds[person], name=f"{secret}.webm", size=size, by=person)
        upload_take(upload=upload, start=0, content=ContentFile(FILM), by=person)
    for person in (learner, twin.people["gardener"], twin.people["author"]):
        round_submit(round=rounds[person], declares=True, by=person)
    given = {
        "levels": {"0": 0},
        "comments": {"0": f"{secret} remark"},
        "comment": f"{secret} feedback",
        "passed": False,
    }
    for person in (twin.people["gardener"], learner):
        review_begin(round=rounds[person], by=marker)
        mark_give(round=rounds[person], by=marker, **given)
        remark_add(round=rounds[person], quote=f"{secret} work", words=f"{secret} remark", by=marker)
        spoken = SimpleUploadedFile(f"{secret}.pdf", b"%PDF-1.7 " + secret.encode())
        feedback_file_add(round=rounds[person], upload=spoken, by=marker)
    rounds_release(rounds=[rounds[learner]], by=marker)
    mark_give(round=rounds[learner], by=marker, because=f"{secret} mistake", **given)
    for person, is_shared in ((marker, True), (admin, False)):
        comment_keep(words=f"{secret} often", element=assignment.element, is_shared=is_shared, by=person)
    _double(twin, secret, prefix, criteria)
    _alike(rounds[learner], rounds[twin.people["gardener"]], secret, marker)
    _nameless(twin, secret, prefix)
    _moderated(twin, secret, prefix)
    _on_the_job(twin, secret, prefix)
    # Other rounds: one whose maker agrees to show it, and one who has not answered.
    for person, round in shown.items():
        round_submit(round=round, by=person)
        page_kept(file=round.files.get(), number=1, by=marker)
        mark_give(round=round, passed=True, by=marker)
    rounds_release(rounds=list(shown.values()), by=marker)
    asked = {person: exemplar_ask(round=round, by=marker) for person, round in shown.items()}
    exemplar_answer(exemplar=asked[learner], agrees=True, by=learner)


def _team(twin: Twin, secret: str, prefix: str) -> None:
    """A team that has handed in, of which one gets less than the other; and a team that has not begun."""
    admin, author, marker = (twin.people[role] for role in ("admin", "author", "instructor"))
    together = assignment_make(
        title=f"{secret} together", slug=f"{prefix}-together", markdown=f"{secret} to do", is_group=True,
        takes_link=True, by=admin, **ALONE,
    )  # fmt: skip
    people = [author.person_id, twin.people["gardener"].person_id]
    team_make(assignment=together, name=f"{secret} team", person_ids=people, by=marker)
    team_make(assignment=together, name=f"{secret} later", person_ids=[admin.person_id], by=marker)
    draft = round_start(assignment=together, by=author)
    round_save(round=draft, text=f"{secret} shared work", link=f"https://example.org/{secret}", by=author)
    round_submit(round=draft, by=author)
    adjustment_give(round=draft, person_id=author.person_id, points=-5, because=f"{secret} away", by=marker)


def _nameless(twin: Twin, secret: str, prefix: str) -> None:
    """One whose maker is hidden, and whose name the administrator has looked up."""
    admin, author = twin.people["admin"], twin.people["author"]
    nameless = assignment_make(
        title=f"{secret} nameless", slug=f"{prefix}-nameless", markdown=f"{secret} to do", takes_link=True,
        takes_files=True, is_anonymous=True, by=admin, **ALONE,
    )  # fmt: skip
    hidden = round_submit(round=_draft(nameless, author, secret), by=author)
    name_reveal(round=hidden, because=f"{secret} doubt", by=admin)
    # Two people whose work nobody of the scene hands in or marks, so that it closes no other door.
    conflict_record(
        marker=twin.people["instructor"], person=twin.people["sponsor"].person, because=f"{secret} kin", by=admin
    )


def _moderated(twin: Twin, secret: str, prefix: str) -> None:
    """Three marks for a moderator: one upheld and released, one upheld, and one that waits."""
    admin, marker = twin.people["admin"], twin.people["instructor"]
    looked_at = assignment_make(
        title=f"{secret} moderated", slug=f"{prefix}-moderated", markdown=f"{secret} to do", takes_files=True,
        moderation="failing", by=admin, **ALONE,
    )  # fmt: skip
    for who in ("learner", "gardener", "author"):
        round = round_submit(round=_draft(looked_at, twin.people[who], secret), by=twin.people[who])
        mark_give(round=round, comment=f"{secret} weak", passed=False, by=marker)
        if who != "author":
            verdict_give(round=round, is_upheld=True, words=f"{secret} agreed", by=admin)
        if who == "learner":
            rounds_release(rounds=[round], by=marker)


def _on_the_job(twin: Twin, secret: str, prefix: str) -> None:
    """Three that a supervisor was asked to confirm: one sent back, and two that wait, the first and the last."""
    admin, marker = twin.people["admin"], twin.people["instructor"]
    at_work = assignment_make(
        title=f"{secret} at work", slug=f"{prefix}-at-work", markdown=f"{secret} to do", takes_files=True,
        is_on_the_job=True, by=admin, **ALONE,
    )  # fmt: skip
    for who in ("author", "gardener", "learner"):
        round = round_submit(round=_draft(at_work, twin.people[who], secret), by=twin.people[who])
        asked = Confirmation.objects.get(round=round)
        Confirmer.objects.get_or_create(
            environment_id=round.environment_id, confirmation=asked, person_id=marker.person_id
        )
        if who == "gardener":
            confirmation_answer(confirmation=asked, confirm=False, words=f"{secret} missing", by=marker)


def _double(twin: Twin, secret: str, prefix: str, criteria: list[dict[str, Any]]) -> None:
    """One that two have marked and agreed on, one they have not agreed on, and one that waits for the second."""
    admin, marker = twin.people["admin"], twin.people["instructor"]
    assignment = assignment_make(
        title=f"{secret} double", slug=f"{prefix}-double", markdown=f"{secret} to do", takes_files=True, is_double=True,
        criteria=criteria, by=admin, **ALONE,
    )  # fmt: skip
    said = {
        "levels": {"0": 1},
        "comments": {"0": f"{secret} alone"},
        "comment": f"{secret} independent",
        "passed": True,
    }
    for who, markers in (("learner", (marker, admin)), ("gardener", (marker, admin)), ("author", (marker,))):
        round = round_submit(round=_draft(assignment, twin.people[who], secret), by=twin.people[who])
        for one in markers:
            independent_mark_give(round=round, **said, by=one)
        if who == "learner":
            marks_average(round=round, by=marker)


def _alike(one: Round, other: Round, secret: str, marker: Membership) -> None:
    """Two that have words in common, as the worker finds them; and what a service outside says."""
    for round in (one, other):
        round_compare(round=Round.objects.select_related("submission__assignment").get(pk=round.pk))
    link = f"https://example.org/{secret}"
    outside_report_keep(round=one, service=f"{secret} service", percent=5, link=link, by=marker)


def _draft(assignment: Assignment, person: Membership, secret: str) -> Round:
    draft = round_start(assignment=assignment, by=person)
    link = f"https://example.org/{secret}" if assignment.takes_link else ""
    round_save(round=draft, text=f"{secret} work {COMMON}", link=link, by=person)
    handin_file_add(round=draft, upload=SimpleUploadedFile(f"{secret}.pdf", A_PAGE + secret.encode()), by=person)
    return draft
