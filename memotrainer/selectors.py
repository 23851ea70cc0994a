"""What is due, what is known, and what a card says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Avg, Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Question, QuestionVersion
from assessments.question_types.registry import question_type
from assessments.selectors import is_unfinished, newest_versions, version_shown, with_pictures
from ecosystem.hosts import address_of
from ecosystem.markup import clean_html, unwrap_paragraph
from ecosystem.models import Element, Environment, Membership
from ecosystem.registry import Figure, element_kinds
from ecosystem.scope import current_scope, own_rows
from ecosystem.selectors import makers_of
from memotrainer.daily import SESSION_SIZE, Today, extra_ids, today_of
from memotrainer.models import Card, Review, Trainer
from memotrainer.preparing import SECONDS_PER_CARD
from memotrainer.recall import days_since, expected_recall, recall_at

FEWEST_PEOPLE = 5
MOST_MAKERS = 3


@dataclass(frozen=True)
class ShownCard:
    """A card with the words it asks. ``place`` is the page it comes from, else where it was met; ``makers`` made that."""

    card: Card
    version: QuestionVersion
    makers: tuple[str, ...] = ()

    @property
    def made_by(self) -> str:
        return _("made by %(names)s") % {"names": ", ".join(self.makers)} if self.makers else ""

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
    minutes: int = 0


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


def session_of(*, membership: Membership, extra: bool = False) -> Session:
    """The cards of today with their newest words: five queries, however many cards. ``extra``: more than that."""
    person_id = membership.person_id
    today = _more_of(person_id) if extra else today_of(person_id=person_id)
    if not today.ids:
        return Session([])
    shown = cards_shown(card_ids=today.ids)
    return Session([shown[pk] for pk in today.ids if pk in shown], today.minutes)


def _more_of(person_id: int) -> Today:
    ids = extra_ids(person_id=person_id)
    return Today(ids, SECONDS_PER_CARD * len(ids))


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
    shown = {card.pk: ShownCard(card, versions[card.question_id]) for card in cards if card.question_id in versions}
    makers = makers_of(elements=[one.place for one in shown.values() if one.place])
    return {
        pk: replace(one, makers=tuple(makers.get(one.place.pk, [])[:MOST_MAKERS])) if one.place else one
        for pk, one in shown.items()
    }


def pictured(value: Any) -> Any:
    """The same lists and texts, with the addresses of pictures put in."""
    if isinstance(value, dict):
        return {name: pictured(part) for name, part in value.items()}
    if isinstance(value, list):
        return [pictured(part) for part in value]
    return str(with_pictures(value)) if isinstance(value, str) and is_unfinished(value) else value


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
    """How many cards come due on each of the next days; what already waits counts for today, what is due in a break for the
    day after it."""
    today = timezone.localdate()
    counts = dict.fromkeys((today + timedelta(days=ahead) for ahead in range(days)), 0)
    last = timezone.now() + timedelta(days=days)
    moments = Card.objects.filter(person_id=person_id, suspended_at=None, due_at__lt=last).values_list(
        "due_at", flat=True
    )
    trainer = Trainer.objects.filter(person_id=person_id).first() or Trainer()
    for moment in moments:
        day = trainer.back_on(max(today, timezone.localtime(moment).date()))
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
