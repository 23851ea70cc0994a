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
    Confirmation,
    Confirmer,
    Conflict,
    Exemplar,
    Extension,
    FeedbackFile,
    Fingerprint,
    FingerprintValue,
    HandinFile,
    HandinPage,
    IndependentMark,
    Mark,
    Moderation,
    OutsideReport,
    PeerBlend,
    PeerPhase,
    PeerPlan,
    PeerReview,
    PeerSample,
    PeerTry,
    Remark,
    Reveal,
    Round,
    RoundState,
    Rubric,
    SavedComment,
    Share,
    Similarity,
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


def _pages(person: Person) -> Q:
    """As the files that they show."""
    return Q(file__in=HandinFile.objects.filter(_nobody_else(person)))


def _peers(person: Person) -> Q:
    """What somebody said about the work of peers, and what was said about theirs."""
    shares = Share.objects.filter(round_id=OuterRef("round_id"))
    others = Exists(shares.filter(is_gone=False).exclude(person_id=person.pk))
    theirs = Q(author_id=person.pk) | Q(Exists(shares.filter(person_id=person.pk)))
    return Q(person_id=person.pk) | (theirs & ~others)


def peers_unseen(person: Person, rows: list[dict[str, Any]]) -> None:
    """Who reviewed them, where names are hidden, and what they said, before it may be read; whose work they reviewed."""
    plans = {phase.pk: phase.plan for phase in PeerPhase.objects.select_related("plan")}
    for row in rows:
        plan = plans[row["phase_id"]]
        is_own = row["person_id"] == person.pk
        if not is_own and (row["state"] != "done" or row["excluded"] or not (plan.at_once or plan.is_over)):
            row.update(dict.fromkeys(("levels", "comments", "strengths", "advice", "score")))
        if plan.is_anonymous:
            row.update(dict.fromkeys(("author_id",) if is_own else ("person_id",)))
        if is_own:
            row.update(dict.fromkeys(("helpful", "flag")))


def moderation_unseen(person: Person, rows: list[dict[str, Any]]) -> None:
    """Nothing before the release; and never the seed, by which the lot falls on other work and on later rounds too."""
    not_before_release("reason", "draw", "mark_id")(person, rows)
    for row in rows:
        if row["draw"]:
            row["draw"] = row["draw"].partition(":")[2]


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
    HandinPage,
    "person", "picture",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    files=("picture",),
    rows=_pages,
)  # fmt: skip
declare(
    Mark,
    "person", "score", "passed", "late_points", "comment", "comments", "because", "by",
    purpose=_("to explain what a hand-in was found worth, and by whom"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comment": "", "comments": {}, "because": ""},
    withhold=not_before_release("score", "passed", "late_points", "levels", "comment", "comments", "because"),
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
    "person", "by", "quote", "page", "x", "y", "words", "at",
    purpose=_("to give feedback on what somebody hands in"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    withhold=not_before_release("quote", "page", "x", "y", "words"),
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
    Confirmation,
    "person", "state", "asked_at", "was_late", "words", "by", "answered_at",
    purpose=_("to know whether somebody at work confirmed that this was done"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Confirmer,
    "person",
    purpose=_("to ask whoever looks after somebody at work"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)
declare(
    Moderation,
    "person", "reason", "draw", "at",
    withhold=moderation_unseen,
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
no_personal_data(FingerprintValue, "a number of a fingerprint; it goes with that")
no_personal_data(Similarity, "how much of one hand-in is in another; it goes with either of them")
declare(
    Fingerprint,
    "person", "text", "at",
    purpose=_("to tell whoever marks where the same words are in other hand-ins"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    rows=_nobody_else,
)  # fmt: skip
declare(
    OutsideReport,
    "person", "service", "percent", "link", "by", "at",
    withhold=not_before_release("service", "percent", "link"),
    purpose=_("to tell whoever marks what a service outside found"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
    rows=_nobody_else,
)  # fmt: skip
no_personal_data(PeerPlan, "how everybody's work is reviewed by peers")
no_personal_data(PeerPhase, "when the reviewing of an assignment opened and closed")
declare(
    PeerReview,
    "person", "author", "levels", "comments", "strengths", "advice", "score", "sent_at", "helpful", "flag", "excluded",
    purpose=_("to let those who learn together give each other feedback"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"comments": {}, "strengths": "", "advice": "", "flag": "", "excluded": ""},
    withhold=peers_unseen,
    rows=_peers,
)  # fmt: skip
declare(
    PeerSample,
    "by", "title", "text", "comment", "comments", "at",
    purpose=_("to let everybody practise reviewing on the same work"),
    retention=_("until it is deleted"),
    on_erase=OnErase.KEEP,
    because=_("it says what good work is, and points at a person who has no name any more"),
    rows=lambda person: Q(by_id=person.pk),
)  # fmt: skip
declare(
    PeerTry,
    "person", "levels", "words", "score", "at",
    purpose=_("to let somebody practise reviewing"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    PeerBlend,
    "person", "given", "peers", "reviewing", "share", "quality",
    withhold=not_before_release("given", "peers", "reviewing"),
    purpose=_("to explain how a mark was made"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("numbers about assignments need everybody; they point at a person who has no name any more"),
    rows=_nobody_else,
)  # fmt: skip
