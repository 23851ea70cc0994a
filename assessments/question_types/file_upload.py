"""Files that are handed in and that a person marks."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.question_types.base import (
    NOTHING,
    Body,
    FormData,
    Marking,
    Response,
    Score,
    place_in,
    score_of,
    text_in,
    texts_in,
)
from ecosystem.markup import clean_html

MOST_FILES = 20
_UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


class FileUpload:
    """Body: {"most_files": int = 1, "endings": ["pdf", ...] (none: all that are taken), "marker_notes": HTML?}.

    Response: {"files": [uid of an AnswerFile]}, posted as `answer`; who keeps the response looks whether they are files
    of this answer. Without a file it earns nothing; otherwise it waits for a person.
    """

    key = "file_upload"
    label = gettext_lazy("Hand in a file")
    widget, marking = "files", Marking.PERSON

    def validate(self, body: Body) -> list[str]:
        problems = []
        if not place_in(body.get("most_files", 1), MOST_FILES + 1):
            problems.append(_("The number of files is from 1 to %(most)s.") % {"most": MOST_FILES})
        if any(not re.fullmatch(r"[a-z0-9]{1,8}", ending) for ending in texts_in(body, "endings")):
            problems.append(_("Kinds of files are endings such as pdf or docx."))
        return problems

    def parse(self, body: Body, data: FormData) -> Response | None:
        uids = list(dict.fromkeys(uid for uid in data.get("answer") or [] if _UID.match(uid)))[: most_files(body)]
        return {"files": uids} if uids else None

    def fields(self, body: Body, response: object) -> FormData:
        return {"answer": files_in(response)}

    def score(self, body: Body, response: object) -> Score:
        return Score(fraction=None, correct=None) if files_in(response) else score_of(NOTHING)

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        return {"most_files": most_files(body), "endings": texts_in(body, "endings")}

    def reveal(self, body: Body, response: object) -> dict[str, Any]:
        """`marker_notes` are for the person who marks: show them to markers only."""
        count = len(files_in(response))
        said = [_("%(count)s handed in") % {"count": count}] if count else []
        return {
            "right": [],
            "given": said,
            "feedback": [],
            "marker_notes": clean_html(text_in(body, "marker_notes")),
        }

    def guess_probability(self, body: Body) -> float:
        return 0.0

    def shuffles(self, body: Body) -> int:
        return 0


def most_files(body: Body) -> int:
    return place_in(body.get("most_files", 1), MOST_FILES + 1) or 1


def files_in(response: object) -> list[str]:
    """Return the uids of the files of a response."""
    given = texts_in(response, "files") if isinstance(response, Mapping) else []
    return [uid for uid in given if _UID.match(uid)]
