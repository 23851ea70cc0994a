"""How an element of the ecosystem is doing, as one function of facts, with its reasons."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

Level = Literal["ok", "warn", "bad"]
Owner = Literal["here", "left", "none"]
Problem = Literal["questions", "fading", "unused", "stale", "unowned", "alone"]

WINDOW = timedelta(days=60)
STALE = timedelta(days=365)
FADED = 70  # percent of what was learned that is still known; below it, too much is forgotten
WORDS: dict[Level, Promise] = {
    "ok": gettext_lazy("growing"),
    "warn": gettext_lazy("thirsty"),
    "bad": gettext_lazy("dry"),
}


@dataclass(frozen=True)
class Facts:
    """What is known of an element. ``uses`` is None where use cannot be measured (outside the platform).

    ``flagged`` is how many of its questions stand out by their answers. ``recall`` is how much of what it asked people would
    answer right today, in percent; None where fewer than five people have met it.
    """

    today: date
    uses: int | None
    people: int
    created_on: date
    updated_on: date
    review_on: date | None
    owner: Owner
    connections: int
    flagged: int = 0
    recall: int | None = None


@dataclass(frozen=True)
class Health:
    """The first problem is the one to act on."""

    level: Level
    problems: tuple[Problem, ...]
    facts: Facts

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """A sentence for each problem, and last how much it is used; written when somebody reads them."""
        found = [SENTENCES[problem](self.facts) for problem in self.problems]
        return (*found, _used(self.facts)) if self.facts.uses else tuple(found)

    @property
    def word(self) -> str:
        return str(WORDS[self.level])


def health_of(facts: Facts) -> Health:
    """Growing without a problem, thirsty with one, dry with two or when an older element is not used at all."""
    possible: list[tuple[Problem, bool]] = [
        ("questions", facts.flagged > 0),
        ("fading", facts.recall is not None and facts.recall < FADED),
        ("unused", facts.uses == 0),
        ("stale", _is_stale(facts)),
        ("unowned", facts.owner != "here"),
        ("alone", not facts.connections),
    ]
    problems = tuple(problem for problem, is_one in possible if is_one)
    forgotten = facts.uses == 0 and facts.today - facts.created_on >= WINDOW
    level: Level = "bad" if forgotten or len(problems) > 1 else "warn" if problems else "ok"
    return Health(level, problems, facts)


def _is_stale(facts: Facts) -> bool:
    """A review that was agreed counts more than when it was changed."""
    if facts.review_on is not None:
        return facts.review_on < facts.today
    return facts.today - facts.updated_on >= STALE


def _used(facts: Facts) -> str:
    uses = ngettext("%(count)s use", "%(count)s uses", facts.uses or 0) % {"count": facts.uses}
    people = ngettext("%(count)s person", "%(count)s people", facts.people) % {"count": facts.people}
    return _("%(uses)s by %(people)s in 60 days.") % {"uses": uses, "people": people}


def _misleading(facts: Facts) -> str:
    return ngettext(
        "Answers say that %(count)s question needs a look.",
        "Answers say that %(count)s questions need a look.",
        facts.flagged,
    ) % {"count": facts.flagged}


def _fading(facts: Facts) -> str:
    return _("Of what it asked, people would answer only %(recall)s%% right today.") % {"recall": facts.recall}


def _unused(facts: Facts) -> str:
    if facts.today - facts.created_on < WINDOW:
        return _("It is new and nobody has used it yet.")
    return _("Nobody has used it for 60 days.")


def _stale(facts: Facts) -> str:
    if facts.review_on is not None:
        return _("Its review was due on %(day)s.") % {"day": date_format(facts.review_on, "j F Y")}
    return _("Nobody has changed or reviewed it for over a year.")


def _unowned(facts: Facts) -> str:
    return _("Its owner has left.") if facts.owner == "left" else _("Nobody owns it.")


def _alone(_facts: Facts) -> str:
    return _("It is connected to nothing.")


SENTENCES: dict[Problem, Callable[[Facts], str]] = {
    "questions": _misleading,
    "fading": _fading,
    "unused": _unused,
    "stale": _stale,
    "unowned": _unowned,
    "alone": _alone,
}
