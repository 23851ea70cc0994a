"""Condition: how well somebody remembers a learning objective, as the memory model predicts for the moment.

Recall falls while time passes and nothing is practised, so such a condition may turn by itself; the moment is foretold.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Objective
from ecosystem.packaging import Incoming, Outgoing
from ecosystem.predicates import (
    Ask,
    Facts,
    Invention,
    Names,
    Predicate,
    Source,
    Subject,
    predicate_add,
    sources,
)
from memotrainer.models import Card
from memotrainer.recall import DAY, days_since, expected_recall

SOME_DAY = datetime(2030, 1, 1, tzinfo=UTC)
FARTHEST = 100 * 365 * DAY  # seconds
CLOSE = 1e-9
HARDLY, FIRMLY = 1e-3, 1e6  # days of stability


@dataclass(frozen=True)
class Remembers:
    """The cards of one objective: stability in days and when each was answered last."""

    stabilities: tuple[float, ...]
    answered_at: tuple[datetime, ...]
    shifts: tuple[float, ...] | float = 0.0  # logits

    def recall(self, at: datetime) -> float:
        """Average chance of a right answer, in percent."""
        days = [days_since(moment, at) for moment in self.answered_at]
        return 100 * float(np.mean(expected_recall(stability=self.stabilities, days=days, shift=self.shifts)))


def _objectives() -> list[tuple[Any, Any]]:
    rows = Objective.objects.select_related("element").order_by("element__title", "text")
    return [(row.pk, f"{row.text} ({row.element.title})") for row in rows]


class Recall(Predicate):
    """Nothing is known of whoever never answered a question of the objective: then neither bound is met."""

    key, source, label = "recall", "recall", gettext_lazy("Remembers a learning objective")
    group = gettext_lazy("What the learner remembers")
    asks = (
        Ask(
            "of", "number", gettext_lazy("Learning objective"), choices=_objectives, lowest=1, highest=2**53,
        ),
        Ask("least", "percent", gettext_lazy("Recall of at least (percent)"), required=False),
        Ask("below", "percent", gettext_lazy("Recall below (percent)"), required=False),
    )  # fmt: skip

    def wrong(self, args: Mapping[str, Any]) -> str:
        if args.get("least") is None and args.get("below") is None:
            return _("give at least one of the two bounds.")
        if args.get("least", 0) >= args.get("below", 101):
            return _("the lower bound is not below the upper one, so nobody remembers just that much.")
        return ""

    def subjects(self, value: Any) -> frozenset[Subject]:
        return frozenset({value["of"]})

    def packed(self, value: Any, out: Outgoing) -> Any:
        row = Objective.objects.filter(pk=value["of"]).first()
        if row is None:
            return {**value, "of": None}
        out.want(row.element_id, "objective", row.slug)
        return {**value, "of": {"bank": out.element(row.element_id), "objective": row.slug}}

    def unpacked(self, value: Any, coming: Incoming) -> Any:
        of = value.get("of") if isinstance(value, dict) else None
        bank = coming.elements.get(str(of.get("bank"))) if isinstance(of, dict) else None
        rows = Objective.objects.filter(element=bank, slug=str(of.get("objective"))[:100]) if bank else None
        row = rows.first() if rows is not None else None
        return None if row is None else {**value, "of": row.pk}

    def holds(self, value: Any, facts: Facts) -> bool:
        known: Remembers | None = facts.known.get("recall", {}).get(value["of"])
        if known is None:
            return False
        recall = known.recall(facts.at)
        return recall >= value.get("least", 0) - CLOSE and recall < value.get("below", 101) - CLOSE

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        known: Remembers | None = facts.known.get("recall", {}).get(value["of"])
        if known is None:
            return []
        bounds = [value[name] for name in ("least", "below") if name in value]
        found = [_falls_below(bound, known, facts.at) for bound in bounds]
        return [moment for moment in found if moment is not None]

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        text = names.other("recall", value["of"], fallback=_("a learning objective"))
        words = str((_NOT_SO_WELL if negated else _SO_WELL)["least" in value, "below" in value])
        bounds = {name: f"{value[name]:g}" for name in ("least", "below") if name in value}
        sentence = words % {"text": text, **bounds}
        known = facts.known.get("recall", {}).get(value["of"]) if facts else None
        if known is None or facts is None:
            return sentence
        return _("%(sentence)s (now it is %(best)s%%)") % {"sentence": sentence, "best": int(known.recall(facts.at))}

    def samples(self, value: Any, together: Any = ()) -> list[Facts]:
        known = [
            {},
            *({value["of"]: Remembers((s,), (SOME_DAY - timedelta(days=ago),))} for s, ago in _memories(value)),
        ]
        return [Facts(SOME_DAY, known={"recall": one}) for one in known]


def _memories(value: Any) -> Iterable[tuple[float, float]]:
    """(stability, days since) around each bound, and of who has just answered."""
    yield FIRMLY, 0
    yield HARDLY, 100
    fresh = Remembers((10.0,), (SOME_DAY,))
    for name in ("least", "below"):
        if name in value and (moment := _falls_below(value[name], fresh, SOME_DAY)):
            days = (moment - SOME_DAY).total_seconds() / DAY
            yield 10.0, days
            yield 10.0, days - 2 / DAY


def _falls_below(bound: float, known: Remembers, at: datetime) -> datetime | None:
    """The first whole second after ``at`` at which recall is below the bound; None when it is already or never will be."""

    def below(seconds: int) -> bool:
        return known.recall(at + timedelta(seconds=seconds)) < bound - CLOSE

    low, high = 0, FARTHEST
    if below(low) or not below(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if below(middle) else (middle, high)
    return at + timedelta(seconds=high)


_SO_WELL = {
    (True, True): gettext_lazy("you remember “%(text)s” for between %(least)s%% and %(below)s%%"),
    (True, False): gettext_lazy("you remember “%(text)s” for at least %(least)s%%"),
    (False, True): gettext_lazy("you remember “%(text)s” for less than %(below)s%%"),
}
_NOT_SO_WELL = {
    (True, True): gettext_lazy("you do not remember “%(text)s” for between %(least)s%% and %(below)s%%"),
    (True, False): gettext_lazy("you do not remember “%(text)s” for at least %(least)s%%"),
    (False, True): gettext_lazy("you do not remember “%(text)s” for less than %(below)s%%"),
}


def _remembered(person_ids: Collection[int], subjects: Collection[Subject]) -> Mapping[int, Mapping[int, Remembers]]:
    rows = (
        Card.objects.filter(
            person_id__in=person_ids, question__objective_id__in=subjects, suspended_at=None, reviews__gt=0
        )
        .order_by("pk")
        .values_list("person_id", "question__objective_id", "stability", "last_reviewed_at", "shift")
    )
    cards: dict[tuple[int, int], list[tuple[float, datetime, float]]] = {}
    for person_id, objective_id, *state in rows:
        cards.setdefault((person_id, objective_id), []).append((state[0], state[1], state[2]))
    found: dict[int, dict[int, Remembers]] = {}
    for (person_id, objective_id), known in cards.items():
        found.setdefault(person_id, {})[objective_id] = Remembers(*zip(*known, strict=True))
    return found


def _texts(subjects: Collection[Subject]) -> Mapping[Subject, str]:
    return dict(Objective.objects.filter(pk__in=subjects).values_list("pk", "text"))


def _invented(percent: float, at: datetime) -> Remembers:
    """One question that was answered just so long ago that recall is this much now; it goes on falling."""
    for stability in (10.0, HARDLY):
        gone = _falls_below(percent, Remembers((stability,), (at,)), at)
        if gone is not None:
            return Remembers((stability,), (at - (gone - at) + timedelta(seconds=1),))
    return Remembers((HARDLY,), (at - timedelta(seconds=FARTHEST),))


INVENTED = Invention(
    gettext_lazy("Recall"),
    Ask("percent", "percent", gettext_lazy("Recall now, in percent"), lowest=1),
    _invented,
    lambda percent: _("%(n)s%% when you set it") % {"n": f"{percent:g}"},
)
sources.register("recall", Source("recall", _remembered, {}, _texts, INVENTED))
predicate_add(Recall())
