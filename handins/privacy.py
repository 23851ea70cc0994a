"""What hand-ins know about people."""

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data
from handins.models import (
    Adjustment,
    Agreement,
    Assignment,
    Conflict,
    Exemplar,
    Extension,
    FeedbackFile,
    HandinFile,
    IndependentMark,
    Mark,
    Moderation,
    Remark,
    Reveal,
    Round,
    RoundState,
    Rubric,
    SavedComment,
    Share,
    Submission,
    Team,
    TeamAct,
    TeamMember,
    Upload,
    UploadPart,
    Verdict,
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


def _nobody_else(person: Person, round_id: str = "round_id") -> Q:
    """What a person made alone, and what a team made of which nobody else is left: shared work stays for the others."""
    shares = Share.objects.filter(round_id=OuterRef(round_id))
    others = Exists(shares.filter(is_gone=False).exclude(person_id=person.pk))
    return (Q(person_id=person.pk) | Q(Exists(shares.filter(person_id=person.pk)))) & ~others


def _rounds(person: Person) -> Q:
    return _nobody_else(person, "pk")


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
    rows=_rounds,
)  # fmt: skip
declare(
    HandinFile,
    "person", "name", "file",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("file",),
    rows=_nobody_else,
)  # fmt: skip
declare(
    Mark,
    "person", "score", "passed", "comment", "comments", "because", "by",
    purpose=_("to explain what a hand-in was found worth, and by whom"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": "", "comments": {}, "because": ""},
    withhold=not_before_release("score", "passed", "levels", "comment", "comments", "because"),
    rows=_nobody_else,
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
    rows=_nobody_else,
)  # fmt: skip
declare(
    Remark,
    "person", "by", "quote", "words", "at",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    withhold=not_before_release("quote", "words"),
    rows=_nobody_else,
)  # fmt: skip
declare(
    Exemplar,
    "person", "asked_by", "state", "credit", "asked_at", "answered_at",
    purpose=_("to show good work to others, as long as whoever made it agrees"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
no_personal_data(Team, "a name that a team of an assignment is called by")
declare(
    TeamMember,
    "person", "team", "joined_at",
    purpose=_("to know who hands in one work together"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Share,
    "person", "agreed_at", "text", "link",
    purpose=_("to know who had part in what a team handed in, and to give each their own copy"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"text": "", "link": "", "is_gone": True},
)  # fmt: skip
declare(
    TeamAct,
    "person", "deed", "times", "at",
    purpose=_("to show a team who did what"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Adjustment,
    "person", "points", "passed", "because", "by", "at",
    withhold=not_before_release("points", "passed", "because"),
    purpose=_("to explain why one person of a team gets more or less than the others"),
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
    withhold=not_before_release("score", "passed", "levels", "comment", "comments"),
    rows=_nobody_else,
    purpose=_("to mark fairly: two who do not see each other's mark"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": "", "comments": {}},
)  # fmt: skip
declare(
    Conflict,
    "person", "marker", "because", "by", "at", "ended_at",
    purpose=_("to keep people from marking the work of somebody they know too well"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Moderation,
    "person", "reason", "draw", "at",
    withhold=not_before_release("reason", "draw", "mark_id"),
    rows=_nobody_else,
    purpose=_("to have a second person look at some of the marks"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("it says which marks were looked at, and points at people who have no name any more"),
)  # fmt: skip
declare(
    Verdict,
    "person", "is_upheld", "words", "by", "at",
    withhold=not_before_release("is_upheld", "words"),
    rows=_nobody_else,
    purpose=_("to have a second person look at some of the marks"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"words": ""},
)  # fmt: skip
declare(
    Reveal,
    "person", "by", "because", "at",
    purpose=_("to know who looked up a name although the work is marked without names"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("it is the proof of a deliberate act, and points at people who have no name any more"),
)  # fmt: skip
declare(
    Agreement,
    "person", "way", "by", "at",
    withhold=not_before_release("way"),
    purpose=_("to know how two marks became one"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("it says which way was taken, and points at people who have no name any more"),
)  # fmt: skip
