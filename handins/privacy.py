"""What hand-ins know about people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data
from handins.models import (
    Agreement,
    Assignment,
    Exemplar,
    Extension,
    FeedbackFile,
    HandinFile,
    IndependentMark,
    Mark,
    Remark,
    Round,
    RoundState,
    Rubric,
    SavedComment,
    Submission,
    Upload,
    UploadPart,
)

SAID_LATER = ("score", "passed", "levels", "comment", "comments", "because", "words", "name", "file", "way")
AS_LONG = _("as long as the environment exists")


def _unreleased(person: Person, rows: list[dict[str, Any]]) -> None:
    """What whoever marks has said about rounds that are not released."""
    open_ones = Round.objects.filter(person_id=person.pk).exclude(state=RoundState.RETURNED)
    hidden = set(open_ones.values_list("pk", flat=True))
    for row in rows:
        if row["round_id"] in hidden:
            row.update({name: None for name in SAID_LATER if name in row})


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
    withhold=_unreleased,
    purpose=_("to explain what a hand-in was found worth, and by whom"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": "", "comments": {}, "because": ""},
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
    withhold=_unreleased,
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("file",),
)  # fmt: skip
declare(
    Remark,
    "person", "by", "quote", "words", "at",
    withhold=_unreleased,
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Exemplar,
    "person", "asked_by", "state", "credit", "asked_at", "answered_at",
    purpose=_("to show good work to others, as long as whoever made it agrees"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    SavedComment,
    "person", "words", "is_shared", "saved_at",
    purpose=_("to say again what somebody who marks says often"),
    retention=_("until it is deleted"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    IndependentMark,
    "person", "score", "passed", "comment", "comments", "by",
    withhold=_unreleased,
    purpose=_("to mark fairly: two who do not see each other's mark"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": "", "comments": {}},
)  # fmt: skip
declare(
    Agreement,
    "person", "way", "by", "at",
    withhold=_unreleased,
    purpose=_("to know how two marks became one"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("it says which way was taken, and points at people who have no name any more"),
)  # fmt: skip
