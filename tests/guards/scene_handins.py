"""What a twin has of hand-ins: an assignment with a rubric, a draft with a file, and rounds in each state."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

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
from handins.services.exemplars import exemplar_answer, exemplar_ask
from handins.services.feedback_files import feedback_file_add
from handins.services.remarks import remark_add
from handins.services.uploading import SMALLEST_PART as PART
from handins.services.uploading import upload_begin, upload_take
from tests.guards.twins import Twin


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
    link, rounds = f"https://example.org/{secret}", {}
    for person in (learner, twin.people["gardener"], twin.people["author"], admin):
        draft = round_start(assignment=assignment, by=person)
        round_save(round=draft, text=f"{secret} work", link=link, by=person)
        upload = SimpleUploadedFile(f"{secret}.pdf", b"%PDF-1.7 " + secret.encode())
        handin_file_add(round=draft, upload=upload, by=person)
        rounds[person] = draft
    for person in (twin.people["author"], admin):
        upload = upload_begin(round=rounds[person], name=f"{secret}.webm", size=2 * PART, by=person)
        upload_take(upload=upload, start=0, content=ContentFile(b"\x1a\x45\xdf\xa3" + b"x" * (PART - 4)), by=person)
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
        remark_add(round=rounds[person], quote="work", words=f"{secret} remark", by=marker)
        spoken = SimpleUploadedFile(f"{secret}.pdf", b"%PDF-1.7 " + secret.encode())
        feedback_file_add(round=rounds[person], upload=spoken, by=marker)
    rounds_release(rounds=[rounds[learner]], by=marker)
    mark_give(round=rounds[learner], by=marker, because=f"{secret} mistake", **given)
    # Another round of somebody, who agrees to show it.
    good = assignment_make(title=f"{secret} example", slug=f"{prefix}-example", markdown=f"{secret} to do", by=admin)
    shown = round_start(assignment=good, by=learner)
    round_save(round=shown, text=f"{secret} good work", by=learner)
    round_submit(round=shown, by=learner)
    mark_give(round=shown, passed=True, by=marker)
    rounds_release(rounds=[shown], by=marker)
    exemplar_answer(exemplar=exemplar_ask(round=shown, by=marker), agrees=True, by=learner)
