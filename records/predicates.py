"""Conditions on what somebody has done: every record counts, wherever it was made.

Bounds are inclusive: at most 70 percent is met by whoever has exactly 70.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ecosystem.periods import end_of, period_words
from ecosystem.predicates import Ask, Facts, Known, Names, Predicate, Source, Subject, predicate_add, sources
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import activity_types
from records.models import Fact

DONE = gettext_lazy("What the learner has done")
# Passing something is also finishing it.
FINISHED = ("completed", "passed")
SCORED = ("passed", "failed", "completed")
VERBS = {
    "enrolled": gettext_lazy("enrolled"),
    "launched": gettext_lazy("opened"),
    "attempted": gettext_lazy("tried"),
    "completed": gettext_lazy("completed"),
    "passed": gettext_lazy("passed"),
    "failed": gettext_lazy("not passed"),
    "issued": gettext_lazy("given a certificate"),
    "reviewed": gettext_lazy("practised"),
}
SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
OUTCOMES = [verbs for n in (1, 2, 3) for verbs in combinations(SCORED, n)]
# Results are shares of thirds and sevenths: 0.57 times a hundred is not quite 57.
CLOSE = 1e-6


def _kinds_that_pass() -> frozenset[str]:
    return frozenset(kind.key for kind in activity_types if kind.passes)


@dataclass(frozen=True)
class Points:
    """Results in percent, numbers of tries, and times since something was finished, at which an answer may change."""

    scores: tuple[float, ...] = ()
    tries: tuple[int, ...] = ()
    ages: tuple[timedelta, ...] = ()


class Recorded(Predicate):
    """A predicate about the records of one element; ``of`` is its id."""

    source, group, joint = "records", DONE, True

    def _of(self, value: Any) -> int:
        of: int = self.args(value)["of"]
        return of

    def points(self, value: Any) -> Points:
        """Where the answer may change."""
        return Points()

    def samples(self, value: Any, together: Iterable[tuple[Predicate, Any]] = ()) -> Iterator[Facts]:
        points = [one.points(other) for one, other in together if isinstance(one, Recorded)] or [self.points(value)]
        return worlds(self._of(value), points)

    def many(self, together: Sequence[tuple[Predicate, Any]]) -> int:
        scores, tries, ages = _axes(one.points(other) for one, other in together if isinstance(one, Recorded))
        return len(tries) * len(ages) * len(OUTCOMES) * (len(scores) + 1)


class Completed(Recorded):
    key, label = "completed", gettext_lazy("Has finished something")
    asks = (Ask("of", "element", gettext_lazy("What"), kinds=lambda: frozenset(kind.key for kind in activity_types)),)

    def holds(self, value: Any, facts: Facts) -> bool:
        return facts.recorded("completed", value) is not None or facts.recorded("passed", value) is not None

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("you have not finished “%(title)s”") if negated else _("you have finished “%(title)s”")
        return sentence % {"title": names.element(value)}


class Passed(Recorded):
    key, label = "passed", gettext_lazy("Has passed a quiz")
    asks = (Ask("of", "element", gettext_lazy("Which"), kinds=_kinds_that_pass),)

    def holds(self, value: Any, facts: Facts) -> bool:
        return facts.recorded("passed", value) is not None

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("you have not passed “%(title)s”") if negated else _("you have passed “%(title)s”")
        return sentence % {"title": names.element(value)}

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        return (
            _("“%(title)s” is nothing that one can pass") % {"title": names.element(value)} if _no(kinds, value) else ""
        )


class Failed(Recorded):
    key, label = "failed", gettext_lazy("Has tried a quiz without passing")
    asks = (Ask("of", "element", gettext_lazy("Which"), kinds=_kinds_that_pass),)

    def holds(self, value: Any, facts: Facts) -> bool:
        return facts.recorded("failed", value) is not None

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        sentence = _("you have not failed “%(title)s”") if negated else _("you have tried “%(title)s” without passing")
        return sentence % {"title": names.element(value)}

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        return (
            _("“%(title)s” is nothing that one can fail") % {"title": names.element(value)} if _no(kinds, value) else ""
        )


def _no(kinds: Mapping[int, str], element_id: int) -> bool:
    kind = activity_types.get(kinds[element_id]) if element_id in kinds else None
    return kind is not None and not kind.passes


class Score(Recorded):
    """The best result lies between two bounds, both included."""

    key, label = "score", gettext_lazy("Has a result between two bounds")
    asks = (
        Ask("of", "element", gettext_lazy("Of which quiz"), kinds=_kinds_that_pass),
        Ask("least", "percent", gettext_lazy("At least (percent)"), required=False),
        Ask(
            "most", "percent", gettext_lazy("At most (percent)"),
            gettext_lazy("Both bounds count: at most 70 is met by whoever has 70."), required=False,
        ),
    )  # fmt: skip

    def wrong(self, args: Mapping[str, Any]) -> str:
        if args.get("least") is None and args.get("most") is None:
            return _("give at least one of the two bounds.")
        if args.get("least", 0) > args.get("most", 100):
            return _("the lower bound is above the upper one, so nobody has such a result.")
        return ""

    def holds(self, value: Any, facts: Facts) -> bool:
        best = best_of(value["of"], facts)
        if best is None:
            return False
        return value.get("least", 0) - CLOSE <= best <= value.get("most", 100) + CLOSE

    def points(self, value: Any) -> Points:
        bounds = [float(value[name]) for name in ("least", "most") if name in value]
        return Points(scores=tuple(point for bound in bounds for point in (bound - 0.01, bound, bound + 0.01)))

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        words = (_NOT_SCORES if negated else _SCORES)["least" in value, "most" in value]
        bounds = {name: _percent(value[name]) for name in ("least", "most") if name in value}
        sentence = str(words) % {"title": names.element(value["of"]), **bounds}
        best = best_of(value["of"], facts) if facts else None
        return (
            sentence
            if best is None
            else _("%(sentence)s (now it is %(best)s%%)")
            % {
                "sentence": sentence,
                "best": _percent(int(best * 100 + CLOSE) / 100),
            }
        )

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        if not _no(kinds, value["of"]):
            return ""
        return _("“%(title)s” gives no result") % {"title": names.element(value["of"])}


_SCORES = {
    (True, True): gettext_lazy("your best result of “%(title)s” is between %(least)s%% and %(most)s%%"),
    (True, False): gettext_lazy("your best result of “%(title)s” is at least %(least)s%%"),
    (False, True): gettext_lazy("your best result of “%(title)s” is at most %(most)s%%"),
}
_NOT_SCORES = {
    (True, True): gettext_lazy("your best result of “%(title)s” is not between %(least)s%% and %(most)s%%"),
    (True, False): gettext_lazy("your best result of “%(title)s” is below %(least)s%%, or you have none"),
    (False, True): gettext_lazy("your best result of “%(title)s” is above %(most)s%%, or you have none"),
}


def _percent(value: float) -> str:
    return f"{value:g}"


def best_of(element_id: int, facts: Facts) -> float | None:
    """In percent."""
    known = [facts.recorded(verb, element_id) for verb in SCORED]
    best = [100 * one.best for one in known if one and one.best is not None]
    return max(best, default=None)


class Attempts(Recorded):
    """So many tries were begun; bounds included."""

    key, label = "attempts", gettext_lazy("Has tried a quiz a number of times")
    asks = (
        Ask("of", "element", gettext_lazy("Which"), kinds=_kinds_that_pass),
        Ask("least", "number", gettext_lazy("At least (times)"), lowest=1, highest=1000),
    )

    def holds(self, value: Any, facts: Facts) -> bool:
        return _times("attempted", value["of"], facts) >= value["least"]

    def points(self, value: Any) -> Points:
        return Points(tries=(value["least"] - 1, value["least"]))

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        count, title = value["least"], names.element(value["of"])
        if negated:
            sentence = ngettext(
                "you have not tried “%(title)s” yet", "you have tried “%(title)s” fewer than %(count)s times", count
            )
        else:
            sentence = ngettext(
                "you have tried “%(title)s” once", "you have tried “%(title)s” %(count)s times", count
            )  # fmt: skip
        said = sentence % {"title": title, "count": count}
        left = count - _times("attempted", value["of"], facts) if facts else count
        if negated or not 0 < left < count:
            return said
        more = ngettext("%(sentence)s (once more)", "%(sentence)s (%(left)s more times)", left)
        return more % {"sentence": said, "left": left}


def _times(verb: str, element_id: int, facts: Facts) -> int:
    known = facts.recorded(verb, element_id)
    return known.times if known else 0


class AnyRecord(Recorded):
    """Any verb, also of outside tools, at least so many times."""

    key, label = "recorded", gettext_lazy("Has done something else, by its verb")
    asks = (
        Ask(
            "verb", "text", gettext_lazy("Verb"),
            gettext_lazy("A verb of learning records, such as launched or reviewed."), choices=lambda: list(VERBS.items()),
        ),
        Ask("of", "element", gettext_lazy("With what")),
        Ask("least", "number", gettext_lazy("At least (times)"), required=False, lowest=1, highest=10_000),
    )  # fmt: skip

    def holds(self, value: Any, facts: Facts) -> bool:
        return _times(value["verb"], value["of"], facts) >= value.get("least", 1)

    def about(self, value: Any) -> Hashable:
        return (self.key, value["verb"], value["of"])

    def samples(self, value: Any, together: Iterable[tuple[Predicate, Any]] = ()) -> list[Facts]:
        counts = {0} | {
            n for one, other in [*together, (self, value)] if isinstance(one, AnyRecord)
            for n in (other.get("least", 1) - 1, other.get("least", 1))
        }  # fmt: skip
        there = (value["verb"], value["of"])
        return [
            Facts(SOME_DAY, known={"records": {there: Known(n, SOME_DAY, SOME_DAY)} if n else {}})
            for n in sorted(counts)
        ]

    def many(self, together: Sequence[tuple[Predicate, Any]]) -> int:
        return 1 + 2 * len(together)

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        count = value.get("least", 1)
        if negated:
            sentence = ngettext(
                "“%(verb)s” is not noted of you for “%(title)s”",
                "“%(verb)s” is noted of you fewer than %(count)s times for “%(title)s”",
                count,
            )
        else:
            sentence = ngettext(
                "“%(verb)s” is noted of you for “%(title)s”",
                "“%(verb)s” is noted of you %(count)s times for “%(title)s”",
                count,
            )
        verb = VERBS.get(value["verb"], value["verb"])
        return sentence % {"verb": verb, "title": names.element(value["of"]), "count": count}


class After(Recorded):
    """A period has passed since something was finished for the first time."""

    key, label, group = "after", gettext_lazy("Some time after finishing something"), gettext_lazy("Time")
    asks = (
        Ask("of", "element", gettext_lazy("What"), kinds=lambda: frozenset(kind.key for kind in activity_types)),
        Ask("wait", "period", gettext_lazy("How long after")),
    )

    def _end(self, value: Any, facts: Facts) -> datetime | None:
        known = [facts.recorded(verb, value["of"]) for verb in FINISHED]
        first = min((one.first_at for one in known if one and one.first_at), default=None)
        return None if first is None else end_of(first, value["wait"], zone=facts.zone)

    def holds(self, value: Any, facts: Facts) -> bool:
        end = self._end(value, facts)
        return end is not None and facts.at >= end

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        end = self._end(value, facts)
        return () if end is None else (end,)

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        given = {"title": names.element(value["of"]), "period": period_words(value["wait"])}
        if negated:
            return _("less than %(period)s have passed since you finished “%(title)s”") % given
        return _("%(period)s have passed since you finished “%(title)s”") % given

    def over(self, value: Any, *, negated: bool, facts: Facts) -> str:
        if not negated:
            return ""
        return _("The time in which it was open is over.")

    def points(self, value: Any) -> Points:
        end = end_of(SOME_DAY, value["wait"], zone=UTC) - SOME_DAY
        return Points(ages=(end - timedelta(seconds=1), end))


def worlds(of: int, points: Iterable[Points]) -> Iterator[Facts]:
    """What can be known of somebody about one element, as far as it makes a difference at these points.

    Any result may pass or fail, because pass marks change and outside tools have their own. Made as they are looked at:
    one of the first few is enough for most conditions.
    """
    scores, tries, ages = _axes(points)
    yield Facts(SOME_DAY)
    for n in tries:
        if n:
            yield _world(of, {"attempted": None}, n, SOME_DAY)
    for n, age, verbs in product(tries, ages, OUTCOMES):
        begun: dict[str, float | None] = {"attempted": None} if n else {}
        for best in [None, *scores]:
            yield _world(of, {**begun, **dict.fromkeys(verbs, best)}, n, SOME_DAY - age)


def _axes(points: Iterable[Points]) -> tuple[list[float], list[int], list[timedelta]]:
    """Results, numbers of tries and ages worth telling apart; the worlds are their product."""
    given = list(points)
    return (
        sorted({0.0, 50.0, 100.0, *(one for p in given for one in p.scores if 0 <= one <= 100)}),
        sorted({0, 1, *(one for p in given for one in p.tries if one > 0)}),
        sorted({timedelta(), timedelta(days=40 * 365), *(one for p in given for one in p.ages)}),
    )


def _world(of: int, verbs: Mapping[str, float | None], times: int, first: datetime) -> Facts:
    """With a number of tries, or of records of any other verb that has no outcome."""
    known = {
        (verb, of): Known(1 if verb in SCORED else times, first, first, None if best is None else best / 100)
        for verb, best in verbs.items()
    }
    return Facts(SOME_DAY, known={"records": known})


def _known(person_ids: Collection[int], subjects: Collection[Subject]) -> Mapping[int, Mapping[tuple[str, int], Known]]:
    found: dict[int, dict[tuple[str, int], Known]] = {}
    for person_id, verb, element_id, *numbers in _rows(people=list(person_ids), elements=list(subjects)):
        found.setdefault(person_id, {})[verb, element_id] = Known(*numbers)
    return found


@prepared
def _rows(*, people: Given, elements: Given) -> QuerySet[Fact, tuple[Any, ...]]:
    rows = Fact.objects.filter(Among("person_id", people), Among("element_id", elements))
    return rows.values_list("person_id", "verb", "element_id", "times", "first_at", "last_at", "best")


sources.register("records", Source("records", _known, {}))
for _predicate in (Completed(), Passed(), Failed(), Score(), Attempts(), After(), AnyRecord()):
    predicate_add(_predicate)
