"""A learner who takes a quiz, and a clock that tests may set."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from assessments.models import Answer, Assessment
from assessments.services import answer_save, assessment_create, attempt_finish, attempt_start, question_save
from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from memotrainer.models import Card
from tests.assessments.answering import BODIES, WHY, make_bank, right_form, wrong_form
from tests.settle import settle

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
Clock = Callable[..., datetime]


def local(*moment: int) -> datetime:
    """A moment on the clocks of Amsterdam."""
    return datetime(*moment, tzinfo=AMSTERDAM)


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """``clock(2027, 3, 1, 10)`` makes it ten o'clock in Amsterdam, for everything that asks Django."""

    return clock_by(monkeypatch)


def clock_by(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def put(*moment: int) -> datetime:
        now = local(*moment)
        monkeypatch.setattr("django.utils.timezone.now", lambda: now.astimezone(ZoneInfo("UTC")))
        return now

    return put


@contextmanager
def own_clock() -> Iterator[Clock]:
    """For what is made before a test begins."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield clock_by(monkeypatch)


def make_quiz(*types: str, environment: Environment, slug: str = "quiz") -> Assessment:
    """A quiz whose questions have no common objective, so that each may come on its own."""
    with open_scope(environment_id=environment.pk):
        bank = make_bank(slug=f"{slug}-bank")
        questions = [
            question_save(
                bank=bank, identifier=f"q{n}", type=kind, stem=f"<p>Question {n}?</p>", body=BODIES[kind], feedback=WHY
            ).question
            for n, kind in enumerate(types or ("single",), start=1)
        ]
        return assessment_create(title="Safe start", creators=["Ada"], slug=slug, questions=questions, pass_mark=0.7)


def take_quiz(quiz: Assessment, who: Membership, *, right: bool = True) -> int:
    """Answer everything and finish; returns the attempt's id. Reactions have run."""
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        attempt = attempt_start(assessment=quiz, person_id=who.person_id)
        for answer in Answer.objects.filter(attempt=attempt).select_related("version"):
            form = right_form(answer.version) if right else wrong_form(answer.version)
            answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=answer.position, response=form)
        attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    settle(who.environment)
    return attempt.pk


def cards_of(who: Membership) -> list[Card]:
    with open_scope(environment_id=who.environment_id, person_id=who.person_id):
        return list(Card.objects.filter(person_id=who.person_id).order_by("question_id"))


def item(card: Card, form: dict[str, list[str]], *, version: int, at: datetime, uid: str = "") -> dict[str, object]:
    """An answer as the device sends it."""
    return {"id": uid or str(uuid4()), "at": at.isoformat(), "card": card.pk, "version": version, "answer": form}
