"""What is due, what is known, and what a card says."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
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
from ecosystem.addresses import address
from ecosystem.hosts import address_of
from ecosystem.markup import clean_html, unwrap_paragraph
from ecosystem.models import Element, Membership
from ecosystem.registry import Figure, element_kinds
from ecosystem.scope import own_rows
from ecosystem.selectors import makers_of
from memotrainer.daily import SESSION_SIZE, Today, extra_of, today_of
from memotrainer.exceptions import UnknownCardError
from memotrainer.models import Card, Review, Trainer
from memotrainer.places import each_place, opened, places_beside, rows_everywhere
from memotrainer.recall import days_since, expected_recall, recall_at

FEWEST_PEOPLE = 5
MOST_MAKERS = 3


@dataclass(frozen=True)
class ShownCard:
    """A card with the words it asks. ``place`` is the page it comes from, else where it was met; ``makers`` made that.

    ``at`` and ``address`` (without a final slash) are of its environment, where that is another one.
    """

    card: Card
    version: QuestionVersion
    makers: tuple[str, ...] = ()
    at: str = ""
    address: str = ""

    @property
    def made_by(self) -> str:
        return _("made by %(names)s") % {"names": ", ".join(self.makers)} if self.makers else ""

    @property
    def is_at(self) -> str:
        return _("at %(environment)s") % {"environment": self.at} if self.at else ""

    @property
    def stem(self) -> str:
        return str(self.routed(str(with_pictures(unwrap_paragraph(clean_html(self.version.stem))))))

    @property
    def is_long(self) -> bool:
        """More than one line of text, so it cannot be a heading."""
        return any(tag in self.stem for tag in ("<p", "<ul", "<ol", "<pre", "<table", "<img", "<blockquote"))

    @property
    def met_in(self) -> str:
        return self.card.source.title if self.card.source else ""

    @property
    def chip(self) -> str:
        return " · ".join(filter(None, (self.met_in, self.at)))

    @property
    def place(self) -> Element | None:
        return self.card.question.source or self.card.source

    @property
    def place_href(self) -> str:
        kind = element_kinds.get(self.place.kind) if self.place else None
        return self.address + kind.href(self.place) if kind and self.place else ""

    @property
    def asked(self) -> dict[str, Any]:
        """The question as a quiz shows it, for types that the trainer has no look of its own for."""
        kind = question_type(self.version.type)
        shown: dict[str, Any] = self.routed(
            version_shown(self.version, order=self._order(kind.shuffles(self.version.body)))
        )
        return shown

    def told(self, review: Review) -> Feedback:
        """What there is to say about an answer to it."""
        told = feedback_of(review=review, card_id=self.card.pk)
        return Feedback(**{name: self.routed(value) for name, value in vars(told).items()})

    def routed(self, value: Any) -> Any:
        """With the pictures of another environment by the trainer's own door, which asks whose card it is."""
        return media_routed(value, card_id=self.card.pk) if self.at else value

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
        shown: dict[str, Any] = self.routed(pictured(kind.public(self.version.body, order)))
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


def session_of(*, membership: Membership, extra: bool = False, alone: bool = False) -> Session:
    """The cards of today with their newest words: five queries for each environment, however many cards.

    ``extra``: more than that; ``alone``: of this environment only.
    """
    person_id = membership.person_id
    if extra:
        today = extra_of(person_id=person_id, here=membership)
    else:
        today = today_of(person_id=person_id, here=None if alone else membership)
    if not today.ids:
        return Session([])
    shown = _shown_everywhere(today, here=membership)
    return Session([shown[pk] for pk in today.ids if pk in shown], today.minutes)


def _shown_everywhere(today: Today, *, here: Membership) -> dict[int, ShownCard]:
    shown = cards_shown(card_ids=[pk for pk in today.ids if pk not in today.homes])
    for home in sorted(set(today.homes.values())):
        with suppress(UnknownCardError), opened(home, here=here) as there:
            shown |= shown_from(there, card_ids=[pk for pk, place in today.homes.items() if place == home], here=here)
    return shown


def shown_from(there: Membership, *, card_ids: list[int], here: Membership) -> dict[int, ShownCard]:
    """``cards_shown`` in the open scope, which is that of ``there``; from another environment they say which."""
    shown = cards_shown(card_ids=card_ids)
    if there.environment_id == here.environment_id:
        return shown
    facts = {"at": there.environment.name, "address": address_of(there.environment)}
    return {pk: replace(one, **facts) for pk, one in shown.items()}


@dataclass(frozen=True)
class Elsewhere:
    """Cards that wait for the same person in an environment that does not share the set."""

    name: str
    href: str
    count: int


def waiting_elsewhere(here: Membership) -> list[Elsewhere]:
    """Due cards of the signed-in person where another sign-in is asked for; nothing is asked of who is in one environment."""
    beside = places_beside(here)
    if not beside:
        return []
    shared = set(each_place(here, lambda there: there.environment_id))
    others = [place.environment_id for place in beside if place.environment_id not in shared]
    if not others:
        return []
    with own_rows():
        mine = Membership.objects.filter(person_id=here.person_id, environment_id__in=others, ended_at=None)
        going = set(mine.filter(environment__archived_at=None).values_list("environment_id", flat=True))
        closed = [place for place in beside if place.environment_id in going]
        due = Card.objects.filter(person_id=here.person_id, suspended_at=None, due_at__lte=timezone.now())
        due = due.filter(environment_id__in=[place.environment_id for place in closed])
        counts = dict(due.values("environment_id").annotate(count=Count("pk")).values_list("environment_id", "count"))
    return [
        Elsewhere(place.name, f"{place.href}/memo/", min(counts[place.environment_id], SESSION_SIZE))
        for place in closed
        if place.environment_id in counts
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


def media_routed(value: Any, *, card_id: int) -> Any:
    """The same lists and texts, with each picture, sound and film asked for as one of this card."""
    if isinstance(value, dict):
        return {name: media_routed(part, card_id=card_id) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [media_routed(part, card_id=card_id) for part in value]
    if not isinstance(value, str) or _MEDIA not in value:
        return value
    return type(value)(value.replace(_MEDIA, f' src="{address("memotrainer:session")}card/{card_id}/media/'))


_MEDIA = ' src="/pictures/'  # as ``assessments.selectors.with_pictures`` puts it


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


def due_days(*, person_id: int, days: int = 7, beside: Collection[int] = ()) -> list[tuple[date, int]]:
    """How many cards come due on each of the next days, here and in the environments ``beside``; what already waits counts
    for today, what is due in a break for the day after it."""
    today = timezone.localdate()
    counts = dict.fromkeys((today + timedelta(days=ahead) for ahead in range(days)), 0)
    trainer = Trainer.objects.filter(person_id=person_id).first() or Trainer()
    last = timezone.now() + timedelta(days=days)
    with rows_everywhere(beside) as places:
        cards = Card.objects.filter(places, person_id=person_id, suspended_at=None, due_at__lt=last)
        moments = list(cards.values_list("due_at", flat=True))
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
