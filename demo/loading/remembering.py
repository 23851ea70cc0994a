"""Weeks of daily cards: most people keep up, one stops, and nobody remembers everything.

The days are lived through the service that takes answers, so each card is due when it would have been; a question is
answered right as often as its predicted recall says, a little more or less for each person and for each question.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from assessments.models import QuestionVersion
from assessments.question_types.registry import question_type
from assessments.selectors import newest_versions
from demo.loading.history import response_of
from ecosystem.models import Environment, Person
from ecosystem.scope import open_scope
from memotrainer.models import Card
from memotrainer.recall import days_since, expected_recall
from memotrainer.services import question_report
from memotrainer.services.remembering import Remembered, answers_remember
from memotrainer.services.trainers import trainer_lock, zone_here

MOST_PEOPLE = 8  # in each environment
MOST_DAYS = 16  # with answers, of each of them
CARDS_A_DAY = 8
STOPS = 3  # the number of whom stops halfway
KINDS = frozenset({"single", "multiple", "true_false", "short_text", "numeric"})
WORDS = {"en": "Two of the answers mean the same.", "nl": "Twee antwoorden betekenen hetzelfde."}


def cards_live(environment: Environment) -> int:
    """Play the cards of one environment; returns how many answers there were."""
    draw = random.Random(f"cards-{environment.slug}")  # noqa: S311 -- the same past each time is the point
    with open_scope(environment_id=environment.pk):
        owners = Card.objects.order_by("person_id").values_list("person_id", flat=True)
        people = list(dict.fromkeys(owners))[:MOST_PEOPLE]
    several = set(Person.objects.filter(pk__in=people, places__gt=1).values_list("pk", flat=True))
    total = 0
    for number, person_id in enumerate(people):
        skill, days = draw.gauss(0.3, 0.5), list(_days(environment, person_id, draw))
        stops = number == STOPS or person_id in several  # so that their one set has something of each environment
        for moment in days[: len(days) // 2] if stops else days:
            with open_scope(environment_id=environment.pk, person_id=person_id):
                total += _answered(person_id, moment, skill, draw)
    _reported(environment, people)
    return total


def _days(environment: Environment, person_id: int, draw: random.Random) -> Iterator[datetime]:
    """Moments of practice, from the first card until yesterday: on working days, not on all of them."""
    zone = ZoneInfo(environment.time_zone)
    with open_scope(environment_id=environment.pk):
        first = (
            Card.objects.filter(person_id=person_id)
            .order_by("last_reviewed_at")
            .values_list("last_reviewed_at", flat=True)[0]
        )
    begin, today = first.astimezone(zone).date(), timezone.now().astimezone(zone).date()
    days = [begin + timedelta(days=n) for n in range(1, (today - begin).days)]
    working = [day for day in days if day.weekday() < 5]
    for day in sorted(draw.sample(working, min(MOST_DAYS, len(working)))):
        yield datetime.combine(day, time(draw.choice([8, 8, 9, 12, 17]), draw.randrange(60)), zone)


def _answered(person_id: int, moment: datetime, skill: float, draw: random.Random) -> int:
    waiting = Card.objects.filter(person_id=person_id, due_at__lte=moment, question__retired_at=None)
    cards = list(waiting.order_by("due_at", "pk")[:CARDS_A_DAY])
    versions = newest_versions(question_ids=[card.question_id for card in cards])
    given = []
    for place, card in enumerate(cards):
        version = versions.get(card.question_id)
        if version is None or version.type not in KINDS:
            continue
        recall = float(expected_recall(stability=card.stability, days=days_since(card.last_reviewed_at, moment)))
        hard = (card.question_id * 37 % 11) / 10 - 0.4  # some questions are forgotten sooner than their state says
        right = draw.random() < recall ** max(0.2, 1 + hard - skill)
        given.append(_given(card, version, moment + timedelta(seconds=25 * place), draw, right=right))
    if not given:
        return 0
    answers_remember(trainer=trainer_lock(person_id=person_id), zone=zone_here(), answers=given)
    return len(given)


def _given(card: Card, version: QuestionVersion, moment: datetime, draw: random.Random, *, right: bool) -> Remembered:
    response = response_of(version.type, version.body, draw, right=right)
    fraction = question_type(version.type).score(version.body, response).fraction
    return Remembered(
        uid=uuid.UUID(int=draw.getrandbits(128), version=4),
        question_id=card.question_id,
        bank_id=card.bank_id,
        version_id=version.pk,
        fraction=max(Decimal(fraction or 0), Decimal(0)),
        answered_at=moment,
        response=response,
    )


def _reported(environment: Environment, people: list[int]) -> None:
    """Two learners found the same question odd."""
    with open_scope(environment_id=environment.pk):
        cards = Card.objects.filter(person_id__in=people[:2]).order_by("question_id", "person_id")
        first = cards.first()
        odd = list(cards.filter(question_id=first.question_id)) if first else []
        for card in odd:
            question_report(
                person_id=card.person_id, card_id=card.pk, text=WORDS.get(environment.language, WORDS["en"])
            )
