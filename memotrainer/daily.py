"""What somebody is asked today: what is due, and before a test what is worth most for the minutes they have."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.utils import timezone

from assessments.models import Question
from assessments.selectors import answers_withheld, asked_questions
from courses.models import Activity, VersionState
from ecosystem.models import Membership
from ecosystem.prepared import Among, Given, prepared
from memotrainer.breaks import Holiday, back_on, is_back
from memotrainer.choosing import Due, chosen
from memotrainer.enums import Mode, ReviewKind
from memotrainer.models import Card, Review, Trainer, Training, Withdrawal
from memotrainer.places import each_place, places_beside
from memotrainer.preparing import SECONDS_PER_CARD, chosen_for_test, seconds_of

SESSION_SIZE = 12
MOST_A_DAY = 50  # that anybody may wish for
MOST_CONSIDERED = 500
MOST_PREPARED = 2_000  # cards of courses with a test ahead, of one person
MINUTE = 60  # seconds
ALL_TESTS = 0  # no course has this number


@dataclass(frozen=True)
class Today:
    """The cards of a day, best first, and about how long they take. ``homes``: where those of other environments are."""

    ids: list[int] = field(default_factory=list)
    seconds: int = 0
    homes: Mapping[int, int] = field(default_factory=dict)

    @property
    def minutes(self) -> int:
        return math.ceil(self.seconds / MINUTE)


@dataclass(frozen=True)
class Coming:
    """A test that a course prepares for."""

    course_id: int
    test_on: date
    minutes: int


@dataclass(frozen=True)
class Wishes:
    """``size``: most cards a day, ``answered``: questions of the answers of today; ``test_minutes``: a day, None where the course
    says it."""

    size: int = SESSION_SIZE
    answered: Sequence[int] = ()
    test_minutes: int | None = None
    paused_until: date | None = None
    holidays: Sequence[Holiday] = ()

    @property
    def done(self) -> int:
        return len(self.answered)

    def is_off(self, day: date) -> bool:
        return back_on(day, paused_until=self.paused_until, holidays=self.holidays) != day


@dataclass
class _Group:
    """Cards that share the minutes before a test: those of a course, or all of them. ``asked``: topics of today."""

    minutes: int
    spent: int = 0
    cards: list[Due] = field(default_factory=list)
    asked: set[int] = field(default_factory=set)

    def and_also(self, other: _Group) -> None:
        """The same minutes hold for both."""
        self.minutes, self.spent = min(self.minutes, other.minutes), self.spent + other.spent
        self.cards, self.asked = [*self.cards, *other.cards], self.asked | other.asked


@dataclass(frozen=True)
class _Share:
    """What one environment brings to a day: what is due, and what might be asked for tests."""

    wishes: Wishes = field(default_factory=Wishes)
    due: Sequence[Due] = ()
    groups: Mapping[int, _Group] = field(default_factory=dict)

    def but(self, questions: Collection[int]) -> _Share:
        """Without cards of these."""
        if not questions:
            return self
        left = {
            key: replace(group, cards=[card for card in group.cards if card.question_id not in questions])
            for key, group in self.groups.items()
        }
        return _Share(self.wishes, [card for card in self.due if card.question_id not in questions], left)

    def cards(self) -> list[int]:
        return [card.id for card in (*self.due, *(card for group in self.groups.values() for card in group.cards))]


def not_now(*, person_id: Given, withheld: Given, question: str) -> Q:
    """Rows with a question whose answer must not be shown to the person now: of a test that is open, or that does not show its
    answers yet (``withheld``, of ``answers_withheld``). ``question`` is the path to its id."""
    asked = asked_questions(person_id=person_id, withheld=withheld)
    return Q(*(Q(**{f"{question}__in": ids}) for ids in asked), _connector=Q.OR)


def due_cards(person_id: Given, now: Given) -> QuerySet[Card]:
    return Card.objects.filter(person_id=person_id, suspended_at=None, due_at__lte=now)


def due_ids(*, person_id: int, at: datetime | None = None, here: Membership | None = None) -> list[int]:
    """The cards of the session a person would get, best first."""
    return today_of(person_id=person_id, at=at, here=here).ids


def today_of(*, person_id: int, at: datetime | None = None, here: Membership | None = None) -> Today:
    """The session a person would get: of the open scope's environment, and with their membership ``here`` of all that share
    the set. Cards of courses with a test ahead come within the minutes for it, due or not; what is left of the daily maximum
    is for what is due of the others.
    """
    now = at or timezone.now()
    beside = places_beside(here) if here else []
    share = _share(person_id, now, is_alone=not beside)
    if share.wishes.is_off(timezone.localdate(now)):
        return Today()
    shares = [(0, share)]
    if beside and here:
        shares += each_place(here, lambda there: (there.environment_id, _share(person_id, now, is_alone=False)))
    return _put_together(shares, now=now)


def _put_together(shares: Sequence[tuple[int, _Share]], *, now: datetime) -> Today:
    """One order over all of them, by what each card gains, under one maximum; one card of a topic, wherever it is due, and
    none of a question that was answered today where it is a card too."""
    wishes = [share.wishes for _place, share in shares]
    shares = [
        (place, share.but({q for other in wishes if other is not share.wishes for q in other.answered}))
        for place, share in shares
    ]
    groups: dict[int, _Group] = {}
    for _place, share in shares:
        for key, group in share.groups.items():
            if key in groups:
                groups[key].and_also(group)
            else:
                groups[key] = group
    first: list[Due] = []
    for _key, group in sorted(groups.items()):
        taken = group.asked | {card.objective_id for card in first if card.objective_id is not None}
        cards = {card.id: card for card in group.cards}
        left = MINUTE * group.minutes - group.spent
        first += [cards[pk] for pk in chosen_for_test(group.cards, now=now, seconds=left, but=taken)]
    asked = {card.objective_id for card in first}
    due = [card for _place, share in shares for card in share.due if card.objective_id not in asked]
    left = max(0, _size_of([one.size for one in wishes]) - sum(one.done for one in wishes))
    others = chosen(due, now=now, size=left - len(first), back=_is_back(due, wishes[0], now=now))
    homes = {pk: place for place, share in shares if place for pk in share.cards()}
    ids = [*(card.id for card in first), *others]
    seconds = sum(card.seconds for card in first) + SECONDS_PER_CARD * len(others)
    return Today(ids, seconds, {pk: homes[pk] for pk in ids if pk in homes})


def _size_of(sizes: Sequence[int]) -> int:
    """One maximum of the person: the least that they wished for anywhere, else what is usual."""
    return min((size for size in sizes if size != SESSION_SIZE), default=SESSION_SIZE)


def _share(person_id: int, now: datetime, *, is_alone: bool) -> _Share:
    """What the open scope's environment brings; nothing more is asked where it is alone and nothing waits."""
    rows, coming = _considered(person=person_id, now=now), tests_coming(on=timezone.localdate(now))
    if is_alone and not rows and not coming:
        return _Share()
    wishes = wishes_of(person_id=person_id, now=now)
    if wishes.is_off(timezone.localdate(now)):
        return _Share(wishes)
    groups, covered = _for_tests(person_id, coming, wishes, now=now) if coming else ({}, set())
    rows = [row for row in rows if row[0] not in covered]
    withheld = answers_withheld(person_id=person_id) if rows else []
    topics = dict(_askable(person=person_id, questions=[row[1] for row in rows], withheld=withheld)) if rows else {}
    due = [Due(pk, *state, _topic(topics[q], q), question_id=q) for pk, q, *state in rows if q in topics]
    return _Share(wishes, due, groups)


def _topic(objective_id: int | None, question_id: int) -> int:
    """What is asked once: the objective, else the question, which may be a card in several environments."""
    return objective_id or -question_id


def _is_back(due: Sequence[Due], wishes: Wishes, *, now: datetime) -> bool:
    if not due or not wishes.holidays:
        return False
    answered_on = timezone.localdate(max(card.last_reviewed_at for card in due))
    return is_back(answered_on=answered_on, today=timezone.localdate(now), holidays=wishes.holidays)


def _for_tests(
    person_id: int, coming: Mapping[int, Coming], wishes: Wishes, *, now: datetime
) -> tuple[dict[int, _Group], set[int]]:
    """(what might be asked for tests, all cards of their courses). Each test has its own minutes, or all together those
    that the person wishes; what was answered today is spent."""
    today = timezone.localdate(now)
    rows = list(_of_tests(person_id, coming))
    done = set(_answered_today(person_id, now).values_list("question_id", flat=True)) if rows else set()
    groups: dict[int, _Group] = {}
    for pk, question_id, source_id, kind, reviews, shift, *state, objective_id in rows:
        test, topic = coming[source_id], _topic(objective_id, question_id)
        key = ALL_TESTS if wishes.test_minutes else test.course_id
        group = groups.setdefault(key, _Group(wishes.test_minutes or test.minutes))
        if question_id in done:
            group.spent += seconds_of(kind)
            group.asked.add(topic)
        elif not reviews or timezone.localdate(state[2]) < today:
            days = (test.test_on - today).days
            seconds = seconds_of(kind)
            group.cards.append(Due(pk, *state, topic, shift, seconds, left=days, question_id=question_id))
    return groups, {row[0] for row in rows}


def _of_tests(person_id: int, coming: Collection[int]) -> QuerySet[Card, tuple[Any, ...]]:
    rows = Card.objects.filter(
        person_id=person_id, suspended_at=None, source_id__in=coming, question__retired_at=None
    ).exclude(not_now(person_id=person_id, withheld=answers_withheld(person_id=person_id), question="question_id"))
    return rows.order_by("last_reviewed_at", "pk").values_list(
        "pk", "question_id", "source_id", "question__type", "reviews", "shift", "stability", "difficulty",
        "last_reviewed_at", "question__objective_id",
    )[:MOST_PREPARED]  # fmt: skip


def tests_coming(*, on: date) -> dict[int, Coming]:
    """By quiz: the first test after ``on`` that a course with it prepares for. One small query where there is none."""
    tests = {pk: Coming(pk, day, minutes) for pk, day, minutes in _tests(mode=Mode.TEST.value, on=on)}
    if not tests:
        return {}
    found: dict[int, Coming] = {}
    steps = Activity.objects.filter(element_id__in=tests, version__state=VersionState.PUBLISHED)
    for quiz_id, course_id in steps.order_by("pk").values_list("target_id", "element_id"):
        other = found.get(quiz_id)
        if other is None or tests[course_id].test_on < other.test_on:
            found[quiz_id] = tests[course_id]
    return found


@prepared
def _tests(*, mode: Given, on: Given) -> QuerySet[Training, tuple[Any, ...]]:
    return Training.objects.filter(mode=mode, test_on__gt=on).values_list("element_id", "test_on", "minutes_a_day")


def is_preparing(*, person_id: int, on: date) -> bool:
    """Whether the person has cards of a course with a test after ``on``, so that some may be asked on any day."""
    coming = tests_coming(on=on)
    return bool(coming) and Card.objects.filter(person_id=person_id, suspended_at=None, source_id__in=coming).exists()


def _answered_today(person_id: int, now: datetime) -> QuerySet[Review]:
    return _answered(person_id, _midnight(now), now)


def _answered(person_id: Given, begin: Given, now: Given) -> QuerySet[Review]:
    """Answers to cards of the day. Practice beside them does not count, nor do quizzes, nor what was taken back."""
    gone = Withdrawal.objects.filter(person_id=person_id).values("uid")
    rows = Review.objects.filter(person_id=person_id, answered_at__gte=begin, answered_at__lte=now)
    # Of a quiz only the points are kept, so what has an answer was given here.
    return rows.filter(response__isnull=False).exclude(kind=ReviewKind.EXTRA).exclude(uid__in=gone)


def _midnight(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)


def wishes_of(*, person_id: int, now: datetime) -> Wishes:
    """One query."""
    rows = _wishes(person=person_id, begin=_midnight(now), now=now)
    if not rows:
        return Wishes()
    return Wishes(*rows[0])


@prepared
def _wishes(*, person: Given, begin: Given, now: Given) -> QuerySet[Trainer, tuple[Any, ...]]:
    questions = _answered(person, begin, now).order_by().values("question_id")
    rows = Trainer.objects.filter(person_id=person).annotate(answered=ArraySubquery(questions))
    return rows.values_list("session_size", "answered", "test_minutes", "paused_until", "holidays")


def extra_of(*, person_id: int, here: Membership) -> Today:
    """The cards to practise beside those of today, weakest first, one per topic."""
    beside = each_place(here, lambda there: (there.environment_id, *_weakest(person_id)))
    shares = [(0, *_weakest(person_id)), *beside]
    size = _size_of([size for _place, size, _cards in shares])
    ids = chosen([card for *_facts, cards in shares for card in cards], now=timezone.now(), size=size)
    homes = {card.id: place for place, _size, cards in shares if place for card in cards}
    return Today(ids, SECONDS_PER_CARD * len(ids), {pk: homes[pk] for pk in ids if pk in homes})


def _weakest(person_id: int) -> tuple[int, list[Due]]:
    """(most cards a day, cards) of the open scope's environment."""
    size = Trainer.objects.filter(person_id=person_id).values_list("session_size", flat=True).first() or SESSION_SIZE
    rows = (
        Card.objects.filter(person_id=person_id, suspended_at=None, question__retired_at=None)
        .exclude(not_now(person_id=person_id, withheld=answers_withheld(person_id=person_id), question="question_id"))
        .order_by("stability", "pk")
        .values_list("pk", "stability", "difficulty", "last_reviewed_at", "question__objective_id", "question_id")
    )
    return size, [Due(*row[:4], _topic(*row[4:])) for row in rows[:MOST_CONSIDERED]]


def considered(*, person: Given, now: Given) -> QuerySet[Card, tuple[Any, ...]]:
    """From the covering index alone, so it reads as much for a person among a million as among ten."""
    rows = due_cards(person, now).order_by("due_at", "pk")
    return rows.values_list("pk", "question_id", "stability", "difficulty", "last_reviewed_at")[:MOST_CONSIDERED]


_considered = prepared(considered)


@prepared
def _askable(*, person: Given, questions: Given, withheld: Given) -> QuerySet[Question, tuple[Any, ...]]:
    """(question, objective) of those that may be asked now."""
    rows = Question.objects.filter(Among("pk", questions), retired_at=None)
    return rows.exclude(not_now(person_id=person, withheld=withheld, question="pk")).values_list("pk", "objective_id")


def is_withheld(*, person_id: int, question_id: int) -> bool:
    """Whether the answer of the question must not be shown to the person now."""
    return not _askable(person=person_id, questions=[question_id], withheld=answers_withheld(person_id=person_id))
