"""The sponsor's report as data: page, CSV and PDF are made from this one object."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from ecosystem.registry import Figure, Measure
from ecosystem.spans import WHOLE, Span
from reporting.findings import (
    Signal,
    Verdict,
    day_of,
    finished_title,
    funnel_title,
    number,
    signal_of,
    verdict_of,
)
from reporting.measures import share
from reporting.selectors.courses import course_rows
from reporting.selectors.figures import about, figure_of, measures_for, too_few
from reporting.small_groups import Cell, CourseRow

# In this order; "retention" is there when the trainer is.
CARDS = ("reached", "finished", "pass_rate", "retention", "certificates")
NEEDED = ("enrolled", "funnel", "kpi", "budget", "readiness", *CARDS)


@dataclass(frozen=True)
class Card:
    """A key figure. ``of`` is the whole it is a part of."""

    key: str
    label: str
    value: float | int | None
    of: int | None
    unit: str
    definition: str
    note: str = ""
    line: list[float] = field(default_factory=list)

    @property
    def shown(self) -> str:
        return number(self.value) + ("%" if self.unit == "%" and self.value is not None else "")


@dataclass(frozen=True)
class Table:
    """Numbers behind a figure; the first cell of a row says what it is about, ``name`` what they all are."""

    name: str
    title: str
    note: str
    columns: list[str]
    rows: list[list[Cell]]

    @property
    def shown(self) -> list[list[str]]:
        return [[number(cell) for cell in row] for row in self.rows]


@dataclass(frozen=True)
class Report:
    as_of: datetime
    verdict: Verdict
    cards: list[Card]
    signal: Signal | None
    signal_table: Table | None
    finished: Table
    funnel: Table
    courses: Table
    cost: list[tuple[str, float]]
    definitions: list[tuple[str, str]]
    readiness: Table | None = None  # by learning objective; None where the trainer has nothing to tell
    about: list[str] = field(default_factory=list)

    @property
    def tables(self) -> list[Table]:
        every = (self.signal_table, self.finished, self.funnel, self.courses, self.readiness)
        return [table for table in every if table]

    @property
    def cost_shown(self) -> list[tuple[str, str]]:
        return [(label, str(number_format(value, force_grouping=True))) for label, value in self.cost]

    def numbers(self) -> list[tuple[str, str, str, Cell]]:
        """Every figure as (part, of what, measure, value): the CSV, and what tests hold against the page."""
        found: list[tuple[str, str, str, Cell]] = []
        for card in self.cards:
            found.append((_("Key figures"), card.label, card.unit or _("number"), card.value))
            if card.of is not None:
                found.append((_("Key figures"), card.label, _("of"), card.of))
        if self.signal:
            found += [
                (_("Business signal"), self.signal.name, _("Baseline"), self.signal.baseline),
                (_("Business signal"), self.signal.name, _("Target"), self.signal.target),
            ]
        for table in self.tables:
            for row in table.rows:
                for column, cell in zip(table.columns[1:], row[1:], strict=True):
                    found.append((table.name, str(row[0]), column, cell))
        found += [(_("Cost"), label, "", value) for label, value in self.cost]
        return found


def ecosystem_report(*, at: datetime, span: Span = WHOLE) -> Report | None:
    """Everything the sponsor's page says, as of one moment, in a constant number of queries.

    About what ``span`` reaches; None when that is fewer than five people.
    """
    if too_few(span, at):
        return None
    fitting = {measure.key: measure for measure in measures_for(span)}
    known: dict[str, Measure] = {key: fitting[key] for key in NEEDED if key in fitting}
    figures = {key: figure_of(measure, at=at, span=span, few=False) for key, measure in known.items()}
    signal = signal_of(figures.get("kpi"))
    rows = course_rows(at=at, span=span)
    return Report(
        as_of=at,
        verdict=verdict_of(figures, signal),
        cards=[_card(known[key], figures[key]) for key in CARDS if key in figures],
        signal=signal,
        signal_table=_signal_table(signal, figures.get("kpi")),
        finished=_finished_table(figures["finished"]),
        funnel=_funnel_table(figures["funnel"]),
        courses=_course_table(rows),
        cost=_cost(figures.get("budget"), figures["finished"]),
        definitions=[(str(known[key].label), str(known[key].definition)) for key in (*CARDS, "funnel") if key in known],
        readiness=_readiness_table(figures.get("readiness")),
        about=about(span),
    )


def _card(measure: Measure, figure: Figure) -> Card:
    note = str(figure.note)
    if not note and figure.of:
        note = f"{share(int(figure.value or 0), figure.of)}%"
    line = [float(value or 0) for _label, value in figure.series]
    return Card(
        measure.key,
        str(measure.label),
        figure.value,
        figure.of,
        str(measure.unit),
        str(measure.definition),
        note,
        line if any(line) else [],
    )


def _month(label: str) -> str:
    return date_format(day_of(label), "N Y")


def _signal_table(signal: Signal | None, figure: Figure | None) -> Table | None:
    if signal is None or figure is None:
        return None
    words = {"baseline": number(signal.baseline), "target": number(signal.target), "unit": figure.details["unit"]}
    until = figure.details.get("target_on")
    note = _("%(unit)s. Baseline %(baseline)s, target %(target)s.") % words
    if until:
        words["day"] = date_format(until, "j F Y")
        note = _("%(unit)s. Baseline %(baseline)s, target %(target)s by %(day)s.") % words
    rows: list[list[Cell]] = [
        [_month(month), value, plan]
        for month, value, plan in zip(signal.months, signal.values, signal.plan, strict=True)
    ]
    return Table(
        _("Business signal"), signal.title, note[:1].upper() + note[1:], [_("Month"), _("Value"), _("Plan")], rows
    )


def _finished_table(figure: Figure) -> Table:
    rows: list[list[Cell]] = [[_month(label), value] for label, value in figure.series]
    name = _("Courses finished per month")
    return Table(name, finished_title(figure), name, [_("Month"), _("Finished")], rows)


def _funnel_table(figure: Figure) -> Table:
    first = int(figure.series[0][1] or 0)
    rows: list[list[Cell]] = [[name, count, share(int(count or 0), first)] for name, count in figure.series]
    columns = [_("Step"), _("Enrolments"), _("Share of enrolled (%)")]
    name = _("How far people come")
    return Table(name, funnel_title(figure.series), name, columns, rows)


def _course_table(rows: list[CourseRow]) -> Table:
    note = _("Groups of fewer than five people are not shown, nor what would tell about them.")
    columns = [_("Course"), _("Enrolled"), _("Finished"), _("Passed first time (%)")]
    return Table(_("By course"), _("By course"), note, columns, [row.cells for row in rows])


def _readiness_table(figure: Figure | None) -> Table | None:
    rows = figure.details.get("rows") if figure else None
    if not rows:
        return None
    note = _("What people would answer right today. Nine of ten such figures lie between the bounds; weakest first.")
    columns = [
        _("Learning objective"), _("People"), _("Recall (%)"), _("At least (%)"), _("At most (%)"), _("In 30 days without practice (%)"),
    ]  # fmt: skip
    return Table(_("What is remembered"), _("What is remembered"), note, columns, rows)


def _cost(budget: Figure | None, finished: Figure) -> list[tuple[str, float]]:
    """What was agreed, and what that is for each finished course; empty without a budget."""
    if budget is None or budget.value is None:
        return []
    lines: list[tuple[str, float]] = [(_("Agreed budget in euro"), budget.value)]
    if budget.details.get("hours"):
        lines.append((_("Agreed hours"), budget.details["hours"]))
    if finished.value:
        lines.append((_("Euro of the budget for each finished course so far"), round(budget.value / finished.value)))
    return lines
