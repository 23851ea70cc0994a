"""What hand-ins know about people."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data
from handins.models import (
    Assignment,
    Exemplar,
    Extension,
    FeedbackFile,
    HandinFile,
    Mark,
    Remark,
    Round,
    RoundState,
    Rubric,
    Submission,
    Upload,
    UploadPart,
)

AS_LONG = _("as long as the environment exists")


def not_before_release(*names: str) -> Callable[[Person, list[dict[str, Any]]], None]:
    """Take these values out of the rows of rounds that were not released to their learner yet."""

    def withhold(_person: Person, rows: list[dict[str, Any]]) -> None:
        pks = {row["round_id"] for row in rows}
        released = set(Round.objects.filter(pk__in=pks, state=RoundState.RETURNED).values_list("pk", flat=True))
        for row in rows:
            if row["round_id"] not in released:
                row.update(dict.fromkeys(names))

    return withhold


no_personal_data(Assignment, "what is asked of everybody; its makers are in the credits")
no_personal_data(Rubric, "how everybody's work is judged")
declare(
    Extension,
    "person", "until", "reason", "given_by",
    purpose=_("to know who has more time"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Submission,
    "person", "score", "passed", "completed_at",
    purpose=_("to know results"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("numbers about assignments need everybody; they point at a person who has no name any more"),
)  # fmt: skip
declare(
    Round,
    "person", "text", "link", "state", "submitted_at",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"text": "", "link": ""},
)  # fmt: skip
declare(
    HandinFile,
    "person", "name", "file",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("file",),
)  # fmt: skip
declare(
    Mark,
    "person", "score", "passed", "comment", "comments", "because", "by",
    purpose=_("to explain what a hand-in was found worth, and by whom"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": "", "comments": {}, "because": ""},
    withhold=not_before_release("score", "passed", "levels", "comment", "comments", "because"),
)  # fmt: skip
declare(
    Upload,
    "person", "name", "size", "received", "touched_at",
    purpose=_("to go on with a large file after the line was cut"),
    retention=_("three days after its last part"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    UploadPart,
    "person", "file",
    purpose=_("to go on with a large file after the line was cut"),
    retention=_("until the file is complete, three days at most"),
    on_erase=OnErase.DELETE,
    files=("file",),
)  # fmt: skip
declare(
    FeedbackFile,
    "person", "name", "file", "by",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("file",),
    withhold=not_before_release("name", "file"),
)  # fmt: skip
declare(
    Remark,
    "person", "by", "quote", "words", "at",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    withhold=not_before_release("quote", "words"),
)  # fmt: skip
declare(
    Exemplar,
    "person", "asked_by", "state", "credit", "asked_at", "answered_at",
    purpose=_("to show good work to others, as long as whoever made it agrees"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
