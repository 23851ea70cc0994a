"""How those who mark an assignment compare: a line each, for whoever looks after it. Figures of few marks are left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, median, stdev

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from ecosystem.models import Membership, Person
from ecosystem.rules import is_manager
from ecosystem.spreadsheets import csv_lines
from handins.computations.reliability import ENOUGH, difference, icc_single, paired_difference
from handins.models import Agreement, Assignment, IndependentMark, Mark, Verdict

# As in the file and over the API; in English everywhere.
COLUMNS = (
    "marker", "marks", "mean", "spread", "passed_share", "leniency", "leniency_margin", "double_marks", "same_work_difference",
    "same_work_margin", "agreement_icc", "moderated", "not_upheld", "median_hours",
)  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What one marker found of one round, on their own. Scores are in percent."""

    round_id: int
    marker_id: int
    score: float | None
    passed: bool
    hours: float


@dataclass(frozen=True)
class Calibration:
    """One marker. In percent and points of a percent; None where there are too few to say, or no scores.

    ``leniency`` compares with the mean of the others, about other work; ``same_work`` with the other of two, about the same.
    Each with half the width of its 95 % interval.
    """

    marker: Person
    marks: int
    mean: float | None
    spread: float | None
    passed_share: float
    leniency: tuple[float, float] | None
    double_marks: int
    same_work: tuple[float, float] | None
    agreement: float | None
    moderated: int
    not_upheld: int
    median_hours: float

    @property
    def is_few(self) -> bool:
        return self.marks < ENOUGH

    def cells(self) -> tuple[object, ...]:
        lenient, same = self.leniency or (None, None), self.same_work or (None, None)
        return (
            self.marker.name, self.marks, _round(self.mean), _round(self.spread), _round(self.passed_share),
            *map(_round, lenient), self.double_marks, *map(_round, same), _round(self.agreement, 2),
            self.moderated, self.not_upheld, _round(self.median_hours),
        )  # fmt: skip


@dataclass(frozen=True)
class Calibrations:
    """All markers of an assignment, and how far the two of double marking agree: ``pairs`` of them."""

    rows: list[Calibration]
    pairs: int
    agreement: float | None


def assignments_compared(membership: Membership) -> QuerySet[Assignment]:
    """All of them, also those that nobody has marked yet."""
    rows = Assignment.objects.select_related("element")
    return rows if is_manager(membership) else rows.none()


def assignments_calibrated(membership: Membership) -> QuerySet[Assignment]:
    """Those that somebody has marked here, for whoever looks after people; nobody else sees how others mark."""
    rows = assignments_compared(membership)
    marked = Mark.objects.filter(element_id=OuterRef("element_id"))
    alone = IndependentMark.objects.filter(element_id=OuterRef("element_id"))
    return rows.filter(Exists(marked) | Exists(alone)).order_by("element__title", "pk")


def calibrations_of(assignment: Assignment) -> Calibrations:
    """In five queries. Of work that a second marker still has to mark nothing is counted."""
    judged = list(_judged(assignment))
    by_marker: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        by_marker[one.marker_id].append(one)
    pairs = _pairs(judged)
    verdicts = dict(_verdicts(assignment))
    people = Person.objects.in_bulk(list(by_marker))
    rows = [_row(people[pk], own, judged, pairs, verdicts.get(pk, (0, 0))) for pk, own in by_marker.items()]
    rows.sort(key=lambda row: (row.marker.name, row.marker.pk))
    return Calibrations(rows, len(pairs), _icc(pairs.values()))


def calibration_lines(found: Calibrations) -> Iterator[str]:
    return csv_lines(columns=COLUMNS, rows=(row.cells() for row in found.rows))


def words_of(pair: tuple[float, float] | None) -> str:
    """Such as "+4 ± 3 points"."""
    if pair is None:
        return _("too few to say")
    return _("%(points)s ± %(margin)s points") % {"points": f"{pair[0]:+.0f}", "margin": f"{pair[1]:.0f}"}


def _judged(assignment: Assignment) -> Iterator[Judged]:
    """The newest mark of each marker about each round; where two mark, what each found alone, once both are in."""
    both = IndependentMark.objects.filter(round=OuterRef("round"), place=2)
    alone = IndependentMark.objects.filter(Exists(both), element_id=assignment.element_id)
    agreed = Agreement.objects.filter(mark=OuterRef("pk"))
    of_two = IndependentMark.objects.filter(round=OuterRef("round"))
    given = Mark.objects.filter(~Exists(agreed), ~Exists(of_two), element_id=assignment.element_id, because="")
    newest: dict[tuple[int, int], Judged] = {}
    fields = ("round_id", "by_id", "score", "passed", "at", "round__submitted_at", "late")
    for rows in (alone.annotate(late=Value(0)), given.exclude(by=None).annotate(late=F("late_points"))):
        for round_id, by_id, score, passed, at, since, late in rows.order_by("pk").values_list(*fields):
            percent = None if score is None else score * 100 + late  # being late is not the marker's doing
            if late and percent is not None and assignment.pass_mark is not None:
                is_enough = percent + 1e-6 >= assignment.pass_mark
            else:
                is_enough = passed
            newest[round_id, by_id] = Judged(round_id, by_id, percent, is_enough, _hours(since, at))
    yield from newest.values()


def _hours(since: datetime | None, at: datetime) -> float:
    """From handing in to the mark; nothing for what was taken back since."""
    return max(0.0, (at - since).total_seconds() / 3600) if since else 0.0


def _pairs(judged: Iterable[Judged]) -> dict[int, tuple[Judged, Judged]]:
    """By round: two scores of the same work."""
    by_round: dict[int, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.score is not None:
            by_round[one.round_id].append(one)
    return {round_id: (both[0], both[1]) for round_id, both in by_round.items() if len(both) == 2}


def _verdicts(assignment: Assignment) -> Iterator[tuple[int, tuple[int, int]]]:
    """By marker: how many of their marks were looked at, and how many not upheld."""
    rows = Verdict.objects.filter(moderation__mark__element_id=assignment.element_id).order_by()
    counts = rows.values_list("moderation__mark__by_id").annotate(
        n=Count("pk"), against=Count("pk", filter=Q(is_upheld=False))
    )
    for marker_id, looked_at, against in counts:
        if marker_id is not None:
            yield marker_id, (looked_at, against)


def _row(
    marker: Person,
    own: list[Judged],
    judged: list[Judged],
    pairs: dict[int, tuple[Judged, Judged]],
    verdicts: tuple[int, int],
) -> Calibration:
    scores = [one.score for one in own if one.score is not None]
    others = [one.score for one in judged if one.score is not None and one.marker_id != marker.pk]
    mine = [both for both in pairs.values() if marker.pk in (both[0].marker_id, both[1].marker_id)]
    apart = [(a.score, b.score) if a.marker_id == marker.pk else (b.score, a.score) for a, b in mine]
    return Calibration(
        marker=marker,
        marks=len(own),
        mean=fmean(scores) if scores else None,
        spread=stdev(scores) if len(scores) > 1 else None,
        passed_share=100 * sum(one.passed for one in own) / len(own),
        leniency=difference(scores, others),
        double_marks=len(mine),
        same_work=paired_difference([(a, b) for a, b in apart if a is not None and b is not None]),
        agreement=_icc(mine),
        moderated=verdicts[0],
        not_upheld=verdicts[1],
        median_hours=median(one.hours for one in own),
    )


def _icc(pairs: Iterable[tuple[Judged, Judged]]) -> float | None:
    rows = [[a.score, b.score] for a, b in pairs if a.score is not None and b.score is not None]
    return icc_single(rows) if len(rows) >= ENOUGH else None


def _round(value: float | None, places: int = 1) -> float | None:
    return None if value is None else round(value, places)
