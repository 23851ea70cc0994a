"""People with cards, in the demo ecosystem."""

import json
import uuid
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from assessments.models import Question, QuestionVersion
from assessments.question_types.choices import choice_tokens
from bench.browser import Answer, Browser
from bench.scene import Scene
from ecosystem.models import Element, Environment
from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from memotrainer.enums import ReviewKind
from memotrainer.models import Card, Review, Trainer
from memotrainer.services.remembering import Remembered, answers_remember
from memotrainer.services.trainers import trainer_lock, zone_here

CARDS = 12
BODY = {"choices": [{"text": "2", "correct": True}, {"text": "3", "correct": False}]}


class MemoScene(Scene):
    """``count`` people of the demo with a dozen cards each, answered three days ago."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.cards: dict[str, list[tuple[int, int, str]]] = {}
        self.next: dict[str, int] = {}
        then = timezone.now() - timedelta(days=3)
        for email, person in self.persons.items():
            with open_scope(environment_id=self.environment.pk, person_id=person.pk):
                versions = list(QuestionVersion.objects.filter(type="single").select_related("question")[:CARDS])
                known = {version.question_id: version for version in versions}
                cards = answers_remember(
                    trainer=trainer_lock(person_id=person.pk),
                    zone=zone_here(),
                    answers=[
                        Remembered(
                            uid=uuid.uuid4(),
                            question_id=version.question_id,
                            bank_id=version.element_id,
                            version_id=version.pk,
                            fraction=Decimal(1),
                            answered_at=then,
                        )
                        for version in known.values()
                    ],
                )
                self.cards[email] = [
                    (card.pk, known[card.question_id].pk, choice_tokens(known[card.question_id].body)[0])
                    for card in cards
                ]

    def sign_in(self, browser: Browser, person: str) -> Answer:
        answer = super().sign_in(browser, person)
        browser.remember_token(browser.get("/memo/"))
        return answer

    def answer(self, person: str, uid: uuid.UUID) -> bytes:
        """The next card of the person, as the device sends it."""
        turn = self.next.get(person, 0)
        self.next[person] = turn + 1
        card, version, value = self.cards[person][turn % len(self.cards[person])]
        item = {
            "id": str(uid),
            "card": card,
            "version": version,
            "answer": {"answer": [value]},
            "at": timezone.now().isoformat(),
        }
        return json.dumps({"items": [item]}).encode()


def person_with_cards(*, cards: int, each: int) -> tuple[int, int]:
    """(environment, person) with so many cards, answered ``each`` times in the last year."""
    environment = Environment.objects.get(slug="demo")
    with open_scope(environment_id=environment.pk):
        member = member_add(email=f"replay-{uuid.uuid4().hex}@demo.example.org", name="Replay")
        bank = Element.objects.filter(kind="question_bank").order_by("pk").first()
        if bank is None:
            raise SystemExit("The demo has no question bank.")
        common = {"environment_id": environment.pk, "element_id": bank.pk}
        mark = uuid.uuid4().hex[:8]
        questions = Question.objects.bulk_create(
            Question(**common, identifier=f"bench-{mark}-{n}") for n in range(cards)
        )
        versions = QuestionVersion.objects.bulk_create(
            QuestionVersion(**common, question=question, number=1, type="single", stem="<p>1 + 1?</p>", body=BODY)
            for question in questions
        )
        first = timezone.now() - timedelta(days=365)
        keys = {"environment_id": environment.pk, "person_id": member.person_id, "bank_id": bank.pk}
        Card.objects.bulk_create(
            Card(
                **keys,
                question=question,
                stability=1.0,
                difficulty=5.0,
                due_at=first + timedelta(days=2),
                last_reviewed_at=first,
                reviews=1,
                lapses=0,
            )
            for question in questions
        )
        for turn in range(each):
            at = first + timedelta(days=turn * 30)
            Review.objects.bulk_create(
                Review(
                    **keys, question=version.question, version=version, kind=ReviewKind.REVIEW, rating=1 + 2 * ((version.pk + turn) % 3 > 0),
                    fraction=Decimal(1), answered_at=at, received_at=at, elapsed_days=30, stability=1.0, difficulty=5.0,
                )
                for version in versions
            )  # fmt: skip
        Trainer.objects.get_or_create(environment_id=environment.pk, person_id=member.person_id)
    return environment.pk, member.person_id
