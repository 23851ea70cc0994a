"""What conditions can ask about a person. Each app registers its predicates here, and where their facts come from.

A **predicate** is one question with an answer of yes or no: *has passed this quiz*, *is in this group*, *it is June*. It
never reads the database; it judges ``Facts``. A **source** loads the facts of many people at once. Whoever changes
something that a source tells calls ``facts_changed`` in the same transaction, so that what waits for it is looked at.

Written down, a predicate is ``{key: value}``. The value of one that asks for a single thing is that thing, of others
``{"of": 12, "least": 40}`` with the names of what it asks for.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from ecosystem.periods import is_period
from ecosystem.registry import Registry, Words

if TYPE_CHECKING:
    from ecosystem.packaging import Incoming, Outgoing

Subject = int | str
LONGEST_TEXT = 200
FIRST_YEAR, LAST_YEAR = 1970, 2199


@dataclass(frozen=True)
class Known:
    """That something was recorded of the person: how often, when, and the best result from 0 to 1."""

    times: int = 1
    first_at: datetime | None = None
    last_at: datetime | None = None
    best: float | None = None


@dataclass(frozen=True)
class Facts:
    """What is known of one person, in one enrolment, at one moment.

    ``known`` is by source; ``begins_at`` is when the course begins for this person, ``released`` whether somebody has
    opened the activity for them by hand.
    """

    at: datetime
    zone: tzinfo = UTC
    begins_at: datetime | None = None
    enrolled_at: datetime | None = None
    released: bool = False
    known: Mapping[str, Any] = field(default_factory=dict)

    def recorded(self, verb: str, element_id: int) -> Known | None:
        found: Known | None = self.known.get("records", {}).get((verb, element_id))
        return found


@dataclass(frozen=True)
class Names:
    """What things are called on the page: elements by id, the rest by (source, subject)."""

    titles: Mapping[int, str] = field(default_factory=dict)
    others: Mapping[tuple[str, Subject], str] = field(default_factory=dict)

    def element(self, pk: int) -> str:
        return self.titles.get(pk) or _("another activity")

    def other(self, source: str, subject: Subject, *, fallback: str) -> str:
        return self.others.get((source, subject)) or fallback


@dataclass(frozen=True)
class Ask:
    """One thing that an author fills in.

    ``sort``: element (an id; of ``kinds``, none is any), number or percent (from ``lowest`` to ``highest``), moment (an ISO
    day, or day and time, in the time zone of the environment), period (``ecosystem.periods``), text, choice (one of
    ``choices``) or yes (true and nothing else). ``tells``: its choices tell of people here, and are suggested only to
    authors of all of the environment.
    """

    name: str
    sort: str
    label: Words
    help: Words = ""
    required: bool = True
    kinds: Callable[[], frozenset[str]] = frozenset
    choices: Callable[[], list[tuple[Any, Words]]] = list
    lowest: int = 0
    highest: int = 100
    tells: bool = False


class Predicate:
    """One question. Subclasses say what it asks for, and judge.

    ``group`` is the heading under which authors find it. ``source`` names where its facts come from; empty when it needs
    nothing but the clock and the enrolment.
    """

    key: ClassVar[str]
    label: ClassVar[Words]
    group: ClassVar[Words]
    asks: ClassVar[tuple[Ask, ...]]
    source: ClassVar[str] = ""
    joint: ClassVar[bool] = False

    def holds(self, value: Any, facts: Facts) -> bool:
        raise NotImplementedError

    def words(self, value: Any, names: Names, *, negated: bool, facts: Facts | None) -> str:
        """A clause after *opens when*: what must come true, or with ``negated`` must not be.

        ``facts`` are those of the reader, None when an author reads it.
        """
        raise NotImplementedError

    def over(self, value: Any, *, negated: bool, facts: Facts) -> str:
        """A sentence when time has run out for it and nothing can make it true any more; else nothing."""
        return ""

    def moments(self, value: Any, facts: Facts) -> Iterable[datetime]:
        """When the answer changes because time passes and nothing else happens; past moments may be among them."""
        return ()

    def subjects(self, value: Any) -> frozenset[Subject]:
        """About what of its source it must know. The elements it names, unless it says otherwise."""
        return frozenset(self.elements(value))

    def elements(self, value: Any) -> set[int]:
        args = self.args(value)
        return {args[ask.name] for ask in self.asks if ask.sort == "element" and ask.name in args}

    def samples(self, value: Any, together: Iterable[tuple[Predicate, Any]] = ()) -> Iterable[Facts]:
        """Facts for which it holds and for which it does not, to find out which conditions can be met together.

        The first is that nothing is known. ``together``: everything that is asked about the same thing. A ``joint``
        predicate gives the states that tell all of that apart, the others only what they ask themselves.
        """
        raise NotImplementedError

    def many(self, together: Sequence[tuple[Predicate, Any]]) -> int:
        """About how many samples there are of all that is asked about the same thing; quick to say."""
        return len(together)

    def impossible(self, value: Any, kinds: Mapping[int, str], names: Names) -> str:
        """Why no learner can ever meet it, given the kinds of the elements; nothing when somebody could."""
        return ""

    def about(self, value: Any) -> Hashable:
        """Two predicates about the same thing may contradict each other; about different things they cannot."""
        return (self.source or self.key, *sorted(map(str, self.subjects(value))))

    def args(self, value: Any) -> dict[str, Any]:
        return {self.asks[0].name: value} if len(self.asks) == 1 else value

    def value(self, args: Mapping[str, Any]) -> Any:
        """The other way round; what is empty is left out."""
        if len(self.asks) == 1:
            return args[self.asks[0].name]
        return {ask.name: args[ask.name] for ask in self.asks if args.get(ask.name) is not None}

    def packed(self, value: Any, out: Outgoing) -> Any:
        """The value as the package of a course has it: what is a number of this database, by a name that holds elsewhere."""
        args = dict(self.args(value))
        for ask in self.asks:
            if ask.sort == "element" and args.get(ask.name) is not None:
                args[ask.name] = out.element(args[ask.name])
        return self.value(args)

    def unpacked(self, value: Any, coming: Incoming) -> Any:
        """The other way round, of whatever a package says; None when something it names is not here."""
        if len(self.asks) > 1 and not isinstance(value, dict):
            return None
        args = dict(self.args(value))
        for ask in self.asks:
            if ask.sort == "element" and args.get(ask.name) is not None:
                found = coming.elements.get(str(args[ask.name]))
                if found is None:
                    return None
                args[ask.name] = found.pk
        return self.value(args)

    def problems(self, value: Any) -> list[str]:
        """What is wrong with what was filled in, in words."""
        if len(self.asks) > 1:
            if not isinstance(value, dict):
                return [_("fill in what it asks for.")]
            unknown = set(value) - {ask.name for ask in self.asks}
            if unknown:
                return [_("it does not ask for “%(name)s”.") % {"name": sorted(map(str, unknown))[0]}]
        args = self.args(value)
        found = [line for ask in self.asks if (line := _wrong(ask, args))]
        return found or [line for line in [self.wrong(args)] if line]

    def wrong(self, args: Mapping[str, Any]) -> str:
        """What is wrong with things that are right one by one; nothing when they go together."""
        return ""


def _wrong(ask: Ask, args: Mapping[str, Any]) -> str:
    if args.get(ask.name) is None:
        return _("“%(label)s” is empty.") % {"label": ask.label} if ask.required else ""
    value = args[ask.name]
    right = {
        "element": lambda: _is_int(value) and value > 0,
        "number": lambda: _is_int(value) and ask.lowest <= value <= ask.highest,
        "percent": lambda: _is_number(value) and ask.lowest <= value <= ask.highest,
        "moment": lambda: isinstance(value, str) and moment_of(value) is not None,
        "period": lambda: is_period(value),
        "text": lambda: isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT and "\x00" not in value,
        "choice": lambda: isinstance(value, str | int) and str(value) in {str(key) for key, _words in ask.choices()},
        "yes": lambda: value is True,
    }
    return "" if right[ask.sort]() else _("“%(label)s” is not right.") % {"label": ask.label}


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value < 2**63


def _is_number(value: Any) -> bool:
    return _is_int(value) or (isinstance(value, float) and value == value)


def moment_of(text: str) -> date | datetime | None:
    """A day, or a local day and time without a zone, from 1970 to 2199; None when it is neither."""
    moment: date | datetime
    try:
        moment = date.fromisoformat(text) if len(text) == len("2026-03-01") else datetime.fromisoformat(text)
    except ValueError:
        return None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR or (isinstance(moment, datetime) and moment.tzinfo is not None):
        return None
    return moment


@dataclass(frozen=True)
class Invention:
    """How an author says of an invented learner what a source knows of real ones about a subject.

    ``ask`` is the one thing filled in. ``fact(value, at)``: what the source would know from the moment ``at``, which is in
    the time zone of the environment. ``words(value)``: the same for the page.
    """

    label: Words
    ask: Ask
    fact: Callable[[Any, datetime], Any]
    words: Callable[[Any], str]


@dataclass(frozen=True)
class Source:
    """Where facts come from.

    ``load``: of these people, what there is to know about these subjects, for those of whom there is anything. ``nothing``
    is what is known of the others. ``names``: what the subjects are called, where that is not in them already.
    ``invent``: for sources whose facts are by subject.
    """

    key: str
    load: Callable[[Collection[int], Collection[Subject]], Mapping[int, Any]]
    nothing: Any
    names: Callable[[Collection[Subject]], Mapping[Subject, str]] = lambda subjects: {}
    invent: Invention | None = None


FactListener = Callable[..., None]

predicates: Registry[Predicate] = Registry()
sources: Registry[Source] = Registry()
fact_listeners: Registry[FactListener] = Registry()


def predicate_add(predicate: Predicate) -> None:
    predicates.register(predicate.key, predicate)


def facts_changed(
    *, source: str, person_ids: Collection[int], subjects: Collection[Subject] | QuerySet[Any, str]
) -> None:
    """Say that something changed that ``source`` tells of these people, in the transaction of the change.

    A queryset of subjects, as text, is read together with what waits for them.
    """
    for listener in fact_listeners if person_ids else ():
        listener(source=source, person_ids=person_ids, subjects=subjects)
