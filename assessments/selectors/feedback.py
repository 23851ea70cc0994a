"""What somebody is asked about others, and what others said of them, never in groups so small that one could tell who."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Angle, FeedbackAnswer, FeedbackRound, FeedbackSeat, QuestionVersion
from assessments.question_types.registry import question_type
from ecosystem import clock
from ecosystem.addresses import address
from ecosystem.markup import plain_text
from ecosystem.models import Membership
from ecosystem.prepared import Given, prepared
from ecosystem.registry import Todo

TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Voice:
    """What one group said to one statement: mean on the scale (from 1), how far apart, how many. ``name`` is the group."""

    name: Promise | str
    mean: float
    least: int
    most: int
    people: int
    steps: int
    is_self: bool = False

    @property
    def percent(self) -> int:
        return round(100 * (self.mean - 1) / max(self.steps - 1, 1))


@dataclass(frozen=True, slots=True)
class Statement:
    """``gap``: how much higher the person sees themselves than the others do, in steps; None without either."""

    text: str
    voices: list[Voice]
    gap: float | None


@dataclass(slots=True)
class FeedbackQuestion:
    """``statements`` of a scale; else ``own`` answers, and ``counts`` (answer, how many) or ``texts`` of the others."""

    text: str
    statements: list[Statement] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    counts: list[tuple[str, int]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


def seats_open(*, person_id: int) -> QuerySet[FeedbackSeat]:
    """What somebody is asked now, what ends first first."""
    return _asked(person_id, clock.now())


def _asked(person: Given, now: Given) -> QuerySet[FeedbackSeat]:
    rows = FeedbackSeat.objects.filter(person_id=person, answered_on=None, round__closed_at=None)
    rows = rows.filter(round__closes_at__gt=now)
    return rows.select_related("round__person", "round__element", "round__assessment").order_by(
        "round__closes_at", "pk"
    )


@prepared
def _first_asked(*, person: Given, now: Given) -> QuerySet[FeedbackSeat]:
    return _asked(person, now)[:5]


def rounds_about(*, person_id: int) -> QuerySet[FeedbackRound]:
    return _counted(FeedbackRound.objects.filter(person_id=person_id)).order_by("-pk")


def rounds_of(*, assessment_id: int) -> QuerySet[FeedbackRound]:
    """For who holds the quiz: who is asked about, how many have answered, never what."""
    return _counted(FeedbackRound.objects.filter(assessment_id=assessment_id)).order_by("-pk")


def _counted(rows: QuerySet[FeedbackRound]) -> QuerySet[FeedbackRound]:
    done = Count("seats", filter=Q(seats__answered_on__isnull=False))
    return rows.select_related("person", "element", "by").annotate(asked=Count("seats"), done=done)


def feedback_todos(membership: Membership) -> list[Todo]:
    return [
        Todo(
            rank=20,
            kind=_("Feedback"),
            icon="message-circle",
            title=gettext("About yourself")
            if seat.angle == Angle.SELF
            else gettext("About %(name)s") % {"name": seat.round.person.name},
            where=str(seat.round.element.title),
            href=address("assessments:feedback"),
            action=_("Give feedback"),
            due=seat.round.closes_at.date(),
        )
        for seat in _first_asked(person=membership.person_id, now=clock.now())
    ]


def angles_shown(*, counts: dict[str, int], least: int) -> dict[str, str]:
    """Under which group each angle is shown: its own when that has at least so many, else together with others.

    Nothing is left to be had by taking one figure from another: what is shown together has at least so many too, or an own
    group joins it. An empty answer means that too few have answered for anything to be shown.
    """
    if sum(counts.values()) < least:
        return {}
    alone = sorted((angle for angle, n in counts.items() if n >= least), key=lambda angle: (counts[angle], angle))
    joined = [angle for angle in counts if angle not in alone and counts[angle]]
    while joined and sum(counts[angle] for angle in joined) < least:
        joined.append(alone.pop(0))
    return {**{angle: angle for angle in alone}, **dict.fromkeys(joined, TOGETHER)}


def feedback_report(*, round_: FeedbackRound) -> list[FeedbackQuestion]:
    """Self against others, by question. ValueError while the round is open: what is said later must not stand out."""
    if round_.closed_at is None:
        raise ValueError("Only a round that has closed has a report.")
    least = round_.assessment.minimum_group
    given = FeedbackSeat.objects.filter(round=round_, answered_on__isnull=False).exclude(angle=Angle.SELF)
    counts = dict(given.order_by().values_list("angle").annotate(n=Count("pk")))
    groups = angles_shown(counts=counts, least=least)
    rows: dict[int, tuple[QuestionVersion, dict[str, list[Any]]]] = {}
    for row in FeedbackAnswer.objects.filter(round=round_).select_related("version").order_by("version_id", "pk"):
        group = Angle.SELF if row.angle == Angle.SELF else groups.get(row.angle)
        said = rows.setdefault(row.version_id, (row.version, {}))[1]
        if group and row.response is not None:
            said.setdefault(group, []).append(row.response)
    return [_question(version, said, least) for version, said in rows.values()]


def _question(version: QuestionVersion, said: dict[str, list[Any]], least: int) -> FeedbackQuestion:
    shown = FeedbackQuestion(plain_text(version.stem))
    if version.type == "likert":
        shown.statements = [_statement(version.body, n, said, least) for n in range(len(version.body["statements"]))]
        return shown
    shown.own = _words(version, said.get(Angle.SELF, []))
    others = [one for group, responses in said.items() if group != Angle.SELF for one in responses]
    if len(others) < least:
        return shown
    if version.type in {"essay", "short_text"}:
        shown.texts = sorted(_words(version, others))
    else:
        shown.counts = Counter(_words(version, others)).most_common()
    return shown


def _words(version: QuestionVersion, responses: list[Any]) -> list[str]:
    kind = question_type(version.type)
    return [plain_text(text) for one in responses for text in kind.reveal(version.body, one)["given"]]


def _statement(body: dict[str, Any], place: int, said: dict[str, list[Any]], least: int) -> Statement:
    voices, means = [], {}
    for group in (*Angle.values, TOGETHER):
        values = [one["values"][place] for one in said.get(group, [])]
        values = [value + 1 for value in values if value is not None]
        if not values or (group != Angle.SELF and len(values) < least):
            continue
        means[group] = (fmean(values), len(values))
        name = _("Everybody else") if group == TOGETHER else Angle(group).label
        facts = (fmean(values), min(values), max(values), len(values), len(body["scale"]))
        voices.append(Voice(name, *facts, is_self=group == Angle.SELF))
    others = [pair for group, pair in means.items() if group != Angle.SELF]
    gap = None
    if others and Angle.SELF in means:
        gap = means[Angle.SELF][0] - sum(mean * n for mean, n in others) / sum(n for _mean, n in others)
    return Statement(plain_text(body["statements"][place]["text"]), voices, gap)
