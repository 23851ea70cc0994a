"""Two who mark the same work: what each may see, and how far apart they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from math import ceil

from django.db.models import Exists, OuterRef, Q, QuerySet

from ecosystem.models import Membership
from handins.models import Agreement, FeedbackFile, IndependentMark, Mark, Round, RoundState
from handins.selectors.rounds import RoundShown, criteria_of


def sealed_rounds() -> QuerySet[Round]:
    """Those whose second mark is missing: until it is in, whoever marks sees of them what is their own."""
    given = IndependentMark.objects.filter(round=OuterRef("pk"))
    rows = Round.objects.filter(state__in=RoundState.waiting())
    return rows.filter(Q(submission__assignment__is_double=True) | Exists(given)).exclude(Exists(given.filter(place=2)))


def is_sealed(round: Round) -> bool:
    return sealed_rounds().filter(pk=round.pk).exists()


def takes_two(round: Round) -> bool:
    """It waits for the marks of two, or for their agreement."""
    if round.state not in RoundState.waiting():
        return False
    is_double: bool = round.submission.assignment.is_double
    return is_double or IndependentMark.objects.filter(round=round).exists()


def not_sealed(membership: Membership, *, by: str = "by_id", round: str = "round_id") -> Q:
    """Rows about rounds that the person may see: their own, and those of rounds that are not sealed."""
    return Q(**{by: membership.person_id}) | ~Q(**{f"{round}__in": sealed_rounds().values("pk")})


def sealed_among(rounds: Iterable[Round]) -> frozenset[int]:
    """Ids of the sealed ones; one query, none where nothing waits."""
    waiting = [row.pk for row in rounds if row.state in RoundState.waiting()]
    return frozenset(sealed_rounds().filter(pk__in=waiting).values_list("pk", flat=True)) if waiting else frozenset()


def seal(shown: Iterable[RoundShown], sealed: Collection[int], membership: Membership) -> None:
    """Take out what others said about sealed rounds."""
    for one in shown:
        if one.round.pk in sealed:
            one.mark, one.corrections, one.criteria, one.progress = None, [], [], ""
            one.feedback = [file for file in one.feedback if file.by_id == membership.person_id]


def independent_marks_for(membership: Membership, round: Round) -> list[IndependentMark]:
    """Both once both are in; before that one's own."""
    rows = IndependentMark.objects.filter(round=round).select_related("by", "rubric").order_by("place")
    found = list(rows)
    return found if len(found) == 2 else [one for one in found if one.by_id == membership.person_id]


@dataclass(frozen=True)
class CriterionPair:
    """One criterion as both judged it."""

    title: str
    first: str
    second: str
    first_comment: str
    second_comment: str
    is_same: bool


@dataclass(frozen=True)
class Double:
    """Where the marking by two stands, for one of those who mark. ``points`` lie between the two scores, in percent."""

    mine: IndependentMark | None
    both: list[IndependentMark]
    pairs: list[CriterionPair]
    points: float | None
    may_average: bool

    @property
    def is_both(self) -> bool:
        return len(self.both) == 2

    @property
    def apart(self) -> int:
        """Rounded up, so that what is too far apart does not look near enough."""
        return ceil(self.points or 0)


def double_of(round: Round, membership: Membership) -> Double | None:
    """None for work that one person marks, and once it has its mark."""
    if round.state not in RoundState.waiting():
        return None
    found = list(IndependentMark.objects.filter(round=round).select_related("by", "rubric").order_by("place"))
    if not found and not round.submission.assignment.is_double:
        return None
    mine = next((one for one in found if one.by_id == membership.person_id), None)
    if len(found) < 2:
        return Double(mine, [], [], None, may_average=False)
    first, second = found
    return Double(
        mine, found, _pairs(first, second), points_between(first, second),
        may_average=is_within(first, second, tolerance=round.submission.assignment.tolerance),
    )  # fmt: skip


def points_between(first: IndependentMark | Mark, second: IndependentMark | Mark) -> float | None:
    """How far the scores are apart, in points of a percent; None without a score."""
    if first.score is None or second.score is None:
        return None
    return round(abs(first.score - second.score) * 100, 6)


def is_within(first: IndependentMark, second: IndependentMark, *, tolerance: int) -> bool:
    """They say the same about passing, and their scores are near enough for the average to be fair."""
    points = points_between(first, second)
    return first.passed == second.passed and (points is None or points <= tolerance)


def _pairs(first: IndependentMark, second: IndependentMark) -> list[CriterionPair]:
    if first.rubric_id is None or first.rubric_id != second.rubric_id:
        return []
    both = zip(criteria_of(first), criteria_of(second), strict=True)
    return [CriterionPair(a.title, a.level, b.level, a.comment, b.comment, a.level == b.level) for a, b in both]


def agreement_of(round: Round) -> Agreement | None:
    """How the newest mark was agreed on; None where one person gave it."""
    newest = Mark.objects.filter(round=round).order_by("-pk").values("pk")[:1]
    found: Agreement | None = Agreement.objects.filter(round=round, mark__in=newest).select_related("by").first()
    return found


def feedback_sealed(file: FeedbackFile, membership: Membership) -> bool:
    return file.by_id != membership.person_id and is_sealed(file.round)
