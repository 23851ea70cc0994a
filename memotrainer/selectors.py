"""What is due, what is known, and what a card says."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Avg, Count, Exists, F, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Question, QuestionVersion
from assessments.question_types.registry import question_type
from assessments.selectors import (
    answers_withheld,
    asked_questions,
    is_unfinished,
    newest_versions,
    version_shown,
    with_pictures,
)
from ecosystem.hosts import address_of
from ecosystem.markup import clean_html, unwrap_paragraph
from ecosystem.models import Element, Environment, Membership
from ecosystem.prepared import Among, Given, prepared
from ecosystem.registry import Figure, element_kinds
from ecosystem.scope import current_scope, own_rows
from memotrainer.choosing import Due, chosen
from memotrainer.enums import ReviewKind
from memotrainer.models import Card, Review, Trainer, Withdrawal
from memotrainer.recall import days_since, expected_recall, recall_at

SESSION_SIZE = 12
MOST_A_DAY = 50  # that anybody may wish for
SECONDS_PER_CARD = 30
MOST_CONSIDERED = 500
FEWEST_PEOPLE = 5


@dataclass(frozen=True)
class ShownCard:
    """A card with the words it asks. ``place`` is the page it comes from, else where it was met."""

    card: Card
    version: QuestionVersion

    @property
    def stem(self) -> str:
        return str(with_pictures(unwrap_paragraph(clean_html(self.version.stem))))

    @property
    def is_long(self) -> bool:
        """More than one line of text, so it cannot be a heading."""
        return any(tag in self.stem for tag in ("<p", "<ul", "<ol", "<pre", "<table", "<img", "<blockquote"))

    @property
    def met_in(self) -> str:
        return self.card.source.title if self.card.source else ""

    @property
    def place(self) -> Element | None:
        return self.card.question.source or self.card.source

    @property
    def place_href(self) -> str:
        kind = element_kinds.get(self.place.kind) if self.place else None
        return kind.href(self.place) if kind and self.place else ""

    @property
    def asked(self) -> dict[str, Any]:
        """The question as a quiz shows it, for types that the trainer has no look of its own for."""
        kind = question_type(self.version.type)
        return version_shown(self.version, order=self._order(kind.shuffles(self.version.body)))

    def _order(self, count: int) -> list[int] | None:
        """Differs from day to day and card to card."""
        if not count:
            return None
        found: list[int] = np.random.default_rng([self.card.pk, self.card.reviews]).permutation(count).tolist()
        return found

    @property
    def public(self) -> dict[str, Any]:
        """What the question shows, choices in an order that differs from day to day and card to card."""
        kind = question_type(self.version.type)
        order = self._order(kind.shuffles(self.version.body))
        shown: dict[str, Any] = pictured(kind.public(self.version.body, order))
        return shown


@dataclass(frozen=True)
class Session:
    """What to do today. Never more than the person's own limit, however much is waiting."""

    cards: list[ShownCard]

    @property
    def minutes(self) -> int:
        return minutes_for(len(self.cards))


@dataclass(frozen=True)
class Recall:
    """Coverage and recall, two different things: what has been met, and how much of that is known now."""

    met: int
    of: int
    recall: float | None
    known: int

    @property
    def coverage_percent(self) -> int:
        return round(100 * self.met / self.of) if self.of else 0

    @property
    def recall_percent(self) -> int | None:
        return None if self.recall is None else round(100 * self.recall)


@dataclass(frozen=True)
class Feedback:
    """What there is to say about one answer, the same whenever it is asked again. All HTML is clean."""

    uid: UUID
    card_id: int
    fraction: float
    correct: bool
    given: list[str]
    right: list[str]
    feedback: list[str]
    why: str


def minutes_for(count: int) -> int:
    return math.ceil(count * SECONDS_PER_CARD / 60)


def not_now(*, person_id: Given, withheld: Given, question: str) -> Q:
    """Rows with a question whose answer must not be shown to the person now: of a test that is open, or that does not show its
    answers yet (``withheld``, of ``answers_withheld``). ``question`` is the path to its id."""
    asked = asked_questions(person_id=person_id, withheld=withheld)
    return Q(*(Q(**{f"{question}__in": ids}) for ids in asked), _connector=Q.OR)


def _due(person_id: Given, now: Given) -> QuerySet[Card]:
    return Card.objects.filter(person_id=person_id, suspended_at=None, due_at__lte=now)


def due_ids(*, person_id: int, at: datetime | None = None) -> list[int]:
    """The cards of the session a person would get, best first."""
    now = at or timezone.now()
    rows = _considered(person=person_id, now=now)
    if not rows:
        return []
    topics = dict(
        _askable(person=person_id, questions=[row[1] for row in rows], withheld=answers_withheld(person_id=person_id))
    )
    paused, size = _left_today(person_id=person_id, now=now)
    if paused is not None and timezone.localtime(now).date() < paused:
        return []
    due = [Due(pk, *state, topics[asked]) for pk, asked, *state in rows if asked in topics]
    return chosen(due, now=now, size=size)


def _left_today(*, person_id: int, now: datetime) -> tuple[date | None, int]:
    """(until when the person takes a break, how many more cards they are asked today): one query. Practice beside the
    cards of the day does not count, nor does what was taken back."""
    begin = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    gone = Withdrawal.objects.filter(person_id=person_id).values("uid")
    done = (
        Review.objects.filter(person_id=person_id, kind=ReviewKind.REVIEW, answered_at__gte=begin, answered_at__lte=now)
        .exclude(uid__in=gone)
        .order_by()
        .values("person_id")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = Trainer.objects.filter(person_id=person_id).annotate(done=Coalesce(Subquery(done), 0))
    size, paused, count = rows.values_list("session_size", "paused_until", "done").first() or (SESSION_SIZE, None, 0)
    return paused, max(0, size - count)


def extra_ids(*, person_id: int) -> list[int]:
    """The cards to practise beside those of today, weakest first, one per objective."""
    now = timezone.now()
    size = Trainer.objects.filter(person_id=person_id).values_list("session_size", flat=True).first() or SESSION_SIZE
    rows = (
        Card.objects.filter(person_id=person_id, suspended_at=None, question__retired_at=None)
        .exclude(not_now(person_id=person_id, withheld=answers_withheld(person_id=person_id), question="question_id"))
        .order_by("stability", "pk")
        .values_list("pk", "stability", "difficulty", "last_reviewed_at", "question__objective_id")[:MOST_CONSIDERED]
    )
    return chosen([Due(*row) for row in rows], now=now, size=size)


def considered(*, person: Given, now: Given) -> QuerySet[Card, tuple[Any, ...]]:
    """From the covering index alone, so it reads as much for a person among a million as among ten."""
    rows = _due(person, now).order_by("due_at", "pk")
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


def session_of(*, membership: Membership, extra: bool = False) -> Session:
    """The cards of today with their newest words: four queries, however many cards. ``extra``: more than that."""
    ids = extra_ids(person_id=membership.person_id) if extra else due_ids(person_id=membership.person_id)
    if not ids:
        return Session([])
    shown = cards_shown(card_ids=ids)
    return Session([shown[pk] for pk in ids if pk in shown])


@dataclass(frozen=True)
class Elsewhere:
    """Cards that wait for the same person in another environment."""

    name: str
    href: str
    count: int


def waiting_elsewhere() -> list[Elsewhere]:
    """Due cards of the signed-in person in their other environments; none when they are in one only."""
    scope = current_scope()
    if scope.person_id is None:
        return []
    with own_rows():
        counts = dict(
            Card.objects.filter(person_id=scope.person_id, suspended_at=None, due_at__lte=timezone.now())
            .exclude(environment_id=scope.environment_id)
            .values("environment_id")
            .annotate(count=Count("pk"))
            .values_list("environment_id", "count")
        )
    places = Environment.objects.filter(pk__in=counts, archived_at=None).order_by("name") if counts else []
    return [
        Elsewhere(place.name, address_of(place) + "/memo/", min(counts[place.pk], SESSION_SIZE)) for place in places
    ]


def cards_shown(*, card_ids: list[int]) -> dict[int, ShownCard]:
    """Cards by id, each with the newest version of its question."""
    cards = list(Card.objects.filter(pk__in=card_ids).select_related("question__source", "source"))
    versions = newest_versions(question_ids=[card.question_id for card in cards])
    return {card.pk: ShownCard(card, versions[card.question_id]) for card in cards if card.question_id in versions}


def pictured(value: Any) -> Any:
    """The same lists and texts, with the addresses of pictures put in."""
    if isinstance(value, dict):
        return {name: pictured(part) for name, part in value.items()}
    if isinstance(value, list):
        return [pictured(part) for part in value]
    return str(with_pictures(value)) if isinstance(value, str) and is_unfinished(value) else value


def due_count(membership: Membership) -> int:
    """The badge: how many questions today's session has, which asks each objective once."""
    now = timezone.now()
    found = len(_topics_due(person=membership.person_id, now=now))
    return min(found, _left_today(person_id=membership.person_id, now=now)[1]) if found else 0


@prepared
def _topics_due(*, person: Given, now: Given) -> QuerySet[Card, tuple[int]]:
    topic = Coalesce("question__objective_id", -F("question_id"))
    break_ = Trainer.objects.filter(person_id=person, paused_until__gt=now)
    return _due(person, now).filter(~Exists(break_)).order_by().values_list(topic).distinct()[:MOST_A_DAY]


def feedback_of(*, review: Review, card_id: int) -> Feedback:
    """What the question type says about the answer that was given, to the version that was asked."""
    version = review.version
    kind = question_type(version.type)
    told = pictured(kind.reveal(version.body, review.response))
    return Feedback(
        uid=review.uid,
        card_id=card_id,
        fraction=float(review.fraction),
        correct=review.fraction == 1,
        given=told["given"],
        right=told["right"],
        feedback=told["feedback"],
        why=str(with_pictures(clean_html(version.feedback))),
    )


def recall_now(*, person_id: int) -> Recall:
    """Coverage over the banks the person has met, and predicted recall of their cards."""
    now = timezone.now()
    rows = list(
        Card.objects.filter(person_id=person_id, question__retired_at=None, reviews__gt=0).values_list(
            "stability", "last_reviewed_at", "shift", "bank_id"
        )
    )
    if not rows:
        return Recall(met=0, of=0, recall=None, known=0)
    stability, answered_at, shift, banks = zip(*rows, strict=True)
    recall = expected_recall(stability=stability, days=[days_since(at, now) for at in answered_at], shift=shift)
    of = Question.objects.filter(element_id__in=set(banks), retired_at=None).count()
    return Recall(met=len(rows), of=of, recall=float(recall.mean()), known=int((recall >= 0.9).sum()))


def due_days(*, person_id: int, days: int = 7) -> list[tuple[date, int]]:
    """How many cards come due on each of the next days; what already waits counts for today."""
    today = timezone.localdate()
    counts = dict.fromkeys((today + timedelta(days=ahead) for ahead in range(days)), 0)
    last = timezone.now() + timedelta(days=days)
    moments = Card.objects.filter(person_id=person_id, suspended_at=None, due_at__lt=last).values_list(
        "due_at", flat=True
    )
    for moment in moments:
        day = max(today, timezone.localtime(moment).date())
        if day in counts:
            counts[day] += 1
    return list(counts.items())


def retention_of_environment(at: datetime) -> Figure:
    """Predicted mean recall over all cards at a moment, in percent; from the log when the moment is past.

    No figure about fewer than five people: it would tell about persons.
    """
    if at >= timezone.now() - timedelta(minutes=1):
        rows, last, shifted = Card.objects.filter(last_reviewed_at__lte=at, reviews__gt=0), "last_reviewed_at", True
    else:
        newest = (
            Review.objects.filter(answered_at__lte=at)
            .order_by("person_id", "question_id", "-answered_at", "-uid")
            .distinct("person_id", "question_id")
            .values("pk")
        )
        rows, last, shifted = Review.objects.filter(pk__in=newest), "answered_at", False
    found = rows.annotate(recall_now=recall_at(at, answered=last, shifted=shifted)).aggregate(
        mean=Avg("recall_now"),
        cards=Count("pk"),
        known=Count("pk", filter=Q(recall_now__gte=0.9)),
        people=Count("person_id", distinct=True),
    )
    if found["people"] < FEWEST_PEOPLE:
        return Figure(value=None, note=_("Shown once five people have cards."))
    return Figure(
        value=round(100 * found["mean"], 1),
        target=90,
        note=_("%(share)s%% of the cards are known for sure today.")
        % {"share": round(100 * found["known"] / found["cards"])},
        details={"cards": found["cards"], "known": found["known"], "people": found["people"]},
    )
