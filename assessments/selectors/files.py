"""Files that are handed in as answers: which an answer names, and who may open one."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from assessments.models import Answer, AnswerFile
from assessments.selectors.marking import answer_for_marker
from ecosystem.documents import ending_of
from ecosystem.models import Membership
from ecosystem.nameless.cleaning import can_clean


def files_shown(answer: Answer, *, nameless: bool = False) -> list[dict[str, Any]]:
    """The files handed in for this answer that it still names. ``nameless``: numbered, since a name of a file can tell who."""
    rows = [row for row in answer.files.all() if str(row.uid) in _named(answer)]
    return [
        {
            "uid": str(row.uid),
            "name": _numbered(row, number) if nameless else row.name,
            "size": row.size,
            "media_type": row.media_type,
            "path": reverse("assessments:answer-file", args=[row.uid]),
            "may_name": nameless and not can_clean(row.media_type),
        }
        for number, row in enumerate(sorted(rows, key=lambda row: row.pk), start=1)
    ]


def _named(answer: Answer) -> list[str]:
    return answer.response.get("files", []) if isinstance(answer.response, Mapping) else []


def _numbered(row: AnswerFile, number: int) -> str:
    return f"{number}.{ending_of(row.name)}"


def answer_file_for(membership: Membership, *, uid: uuid.UUID) -> tuple[AnswerFile, str, bool] | None:
    """A file, the name to keep it under, and whether it may not say whose it is: one's own, or in a finished attempt what
    one marks and the answer still names."""
    file = AnswerFile.objects.filter(uid=uid).first()
    if file is None or file.person_id == membership.person_id:
        return (file, file.name, False) if file else None
    try:
        answer = answer_for_marker(membership=membership, pk=file.answer_id)
    except Answer.DoesNotExist:
        return None
    nameless = answer.attempt.assessment.anonymous_marking
    shown = files_shown(answer, nameless=nameless)
    return next(((file, one["name"], nameless) for one in shown if one["uid"] == str(uid)), None)
