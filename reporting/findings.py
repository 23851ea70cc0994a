"""Sentences that say what the figures mean. Pure: numbers in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from django.utils.formats import localize
from django.utils.translation import gettext as _

from ecosystem.registry import Figure

Tone = Literal["ok", "warn", "info"]
KEPT = 0.6  # of the people at one step who should be at the next
PASSED = 60
REACHED = 50


@dataclass(frozen=True)
class Verdict:
    say: str
    text: str
    tone: Tone


@dataclass(frozen=True)
class Signal:
    """A KPI against the straight line from its baseline to its target."""

    name: str
    months: list[str]
    values: list[float | None]
    plan: list[float]
    first: float
    last: float
    planned_now: float
    baseline: float
    target: float
    direction: str

    @property
    def on_plan(self) -> bool:
        return self.last >= self.planned_now if self.direction == "up" else self.last <= self.planned_now

    @property
    def title(self) -> str:
        words = {
            "name": self.name,
            "first": number(self.first),
            "last": number(self.last),
            "target": number(self.target),
        }
        if self.last == self.first:
            return _("%(name)s: still %(last)s; the target is %(target)s") % words
        if self.last < self.first:
            return _("%(name)s: down from %(first)s to %(last)s; the target is %(target)s") % words
        return _("%(name)s: up from %(first)s to %(last)s; the target is %(target)s") % words


def signal_of(figure: Figure | None) -> Signal | None:
    """None as long as there is no KPI with a value."""
    if figure is None or not figure.series or figure.value is None or figure.target is None:
        return None
    series = dict(figure.series)
    baseline, target, until = figure.details["baseline"], figure.target, figure.details.get("target_on")
    months = months_between(min(series), max(*series, f"{until:%Y-%m}" if until else ""))
    steps = max(len(months) - 1, 1)
    plan = [round(baseline + (target - baseline) * at / steps, 1) for at in range(len(months))]
    known = [(at, value) for at, month in enumerate(months) if (value := series.get(month)) is not None]
    return Signal(
        name=figure.details["name"],
        months=months,
        values=[series.get(month) for month in months],
        plan=plan,
        first=known[0][1],
        last=known[-1][1],
        planned_now=plan[known[-1][0]],
        baseline=baseline,
        target=target,
        direction=figure.details["direction"],
    )


def months_between(first: str, last: str) -> list[str]:
    """Labels ``YYYY-MM`` from the first to the last, both included."""
    start, end = (int(label[:4]) * 12 + int(label[5:]) - 1 for label in (first, last))
    return [f"{at // 12}-{at % 12 + 1:02d}" for at in range(start, end + 1)]


def day_of(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def worst_step(steps: Sequence[tuple[str, float | None]]) -> tuple[str, str, int, int] | None:
    """(from, to, how many were there, how many came on) where the largest share is lost; None without people."""
    pairs = [
        (name, after_name, int(count), int(after or 0))
        for (name, count), (after_name, after) in pairwise(steps)
        if count
    ]
    return min(pairs, key=lambda pair: pair[3] / pair[2], default=None)


def funnel_title(steps: Sequence[tuple[str, float | None]]) -> str:
    worst = worst_step(steps)
    if worst is None:
        return _("Nobody is enrolled yet")
    before, after, there, came_on = worst
    if came_on == there:
        return _("Nobody is lost on the way")
    words = {"before": before.lower(), "after": after.lower(), "lost": there - came_on, "there": there}
    return _("Most are lost between %(before)s and %(after)s: %(lost)s of %(there)s") % words


def finished_title(figure: Figure) -> str:
    months = [value or 0 for _month, value in figure.series]
    recent, before = int(sum(months[-3:])), int(sum(months[-6:-3]))
    words = {"recent": recent, "before": before}
    if recent > before:
        return _("More is finished: %(recent)s in the last three months, %(before)s in the three before") % words
    if recent < before:
        return _("Less is finished: %(recent)s in the last three months, %(before)s in the three before") % words
    return _("%(recent)s finished in the last three months, as many as in the three before") % words


def verdict_of(figures: dict[str, Figure], signal: Signal | None) -> Verdict:
    """On course or not, and the one thing that is furthest behind."""
    enrolled, finished = figures["enrolled"], figures["finished"]
    if not enrolled.value and signal is None:
        return Verdict(_("Nothing to report yet."), _("Figures appear once people are enrolled."), "info")
    slow = max(_shortfalls(figures), default=None)
    text = _("%(finished)s of %(enrolled)s enrolments are finished.") % {
        "finished": finished.value,
        "enrolled": enrolled.value,
    }
    if slow:
        text += " " + _("One thing is slow: %(what)s") % {"what": slow[1]}
    if signal is None or signal.on_plan:
        return Verdict(_("On course.") if signal or not slow else _("Growing."), text, "ok")
    words = {"last": number(signal.last), "planned": number(signal.planned_now)}
    return Verdict(
        _("Behind plan."), _("The signal is at %(last)s, planned was %(planned)s.") % words + " " + text, "warn"
    )


def _shortfalls(figures: dict[str, Figure]) -> list[tuple[float, str]]:
    """(how far behind as a share, what) for each figure that is behind."""
    found = []
    worst = worst_step(figures["funnel"].series)
    if worst and worst[3] / worst[2] < KEPT:
        before, after, there, came_on = worst
        words = {"came_on": came_on, "there": there, "before": before.lower(), "after": after.lower()}
        text = _("%(came_on)s of %(there)s come from %(before)s to %(after)s.") % words
        found.append((1 - came_on / there / KEPT, text))
    rate = figures["pass_rate"].value
    if rate is not None and rate < PASSED:
        found.append((1 - rate / PASSED, _("%(rate)s%% of first attempts are passed.") % {"rate": rate}))
    reached = figures["reached"]
    if reached.of and 100 * (reached.value or 0) / reached.of < REACHED:
        words = {"reached": reached.value, "of": reached.of}
        found.append((1 - (reached.value or 0) / reached.of, _("%(reached)s of %(of)s members are reached.") % words))
    return found


def number(value: float | int | str | None) -> str:
    """As people of this language write it, without needless zeros; a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    tidy = round(float(value), 2)
    return str(localize(int(tidy) if tidy.is_integer() else tidy))
