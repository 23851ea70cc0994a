"""Feedback from all sides about two people, and a test that finds one's level."""

from datetime import timedelta

from django.utils import timezone

from assessments.models import Assessment, FeedbackSeat
from assessments.services import (
    answer_save,
    assessment_create,
    assessment_set,
    attempt_finish,
    bank_create,
    question_save,
)
from assessments.services.feedback import feedback_close, feedback_open, feedback_start
from assessments.services.making import quiz_make
from ecosystem import clock
from ecosystem.models import Element, Environment, Person
from ecosystem.scope import open_scope

ROUND, LEVEL = "working-together", "find-your-level"
LEARNER, MANAGER, AUTHOR = "learner@demo.example.org", "manager@demo.example.org", "author@demo.example.org"
PEERS = ("tomasz.zielinski@demo.example.org", "hannah.whitlock@demo.example.org", "leila.haddad@demo.example.org")
STATEMENTS = (
    "Listens before giving advice", "Says in time when something becomes too much", "Keeps to what has been agreed",
    "Stays calm when others are upset",
)  # fmt: skip
SCALE = ["hardly ever", "sometimes", "often", "nearly always"]
SAID: dict[str, tuple[tuple[int, ...], str, str]] = {
    LEARNER: ((1, 1, 2, 2), "I take my time with people.", "I should ask for help earlier."),
    MANAGER: ((3, 0, 3, 3), "People trust you quickly, and you keep notes that others can work with.", "Tell us sooner when the week is full."),
    PEERS[0]: ((3, 1, 3, 2), "You let me finish.", "Take your breaks, we can manage."),
    PEERS[1]: ((2, 0, 3, 3), "You always call back when you said you would.", "You do not have to solve all of it alone."),
    PEERS[2]: ((3, 1, 2, 3), "Calm, also at the end of a long shift.", ""),
}  # fmt: skip


def rounds_load(people: dict[str, Person]) -> None:
    """In the open environment: what is asked, and the test."""
    author = people[AUTHOR]
    facts = {"creators": [author], "owner": author, "language": "en"}
    bank = bank_create(title="Working together", slug="working-together-bank", tags=["feedback"], **facts)
    body = {"statements": [{"text": text} for text in STATEMENTS], "scale": SCALE}
    asked = [
        question_save(
            bank=bank, identifier="how-often", type="likert", stem="<p>How often do you see this?</p>", body=body
        ),
        question_save(bank=bank, identifier="keep", type="essay", stem="<p>What should stay as it is?</p>", body={}),
        question_save(
            bank=bank, identifier="change", type="essay", stem="<p>What would help to do otherwise?</p>", body={}
        ),
    ]
    made = assessment_create(
        title="Working together: feedback from all sides", slug=ROUND, summary="Four statements and two open questions.",
        questions=[version.question for version in asked], pass_mark=0, minutes=5, mode="feedback", **facts,
    )  # fmt: skip
    assessment_set(assessment=made, by=author, minimum_group=3)
    level = quiz_make(
        title="Find your level in psychological first aid", slug=LEVEL, bank=Element.objects.get(slug="pfa-at-work-bank"),
        count=None, mode="adaptive", by=author,
    )  # fmt: skip
    assessment_set(assessment=level, by=author, least_questions=5, most_questions=12, target_error=0.7)


def rounds_live(environment: Environment, people: dict[str, Person]) -> None:
    """One round is over, and its person can read it; in the other, others are still asked."""
    with open_scope(environment_id=environment.pk):
        made = Assessment.objects.select_related("element").filter(element__slug=ROUND).first()
        if made is None:
            return
        others = {"manager": [people[MANAGER]], "peer": [people[email] for email in PEERS]}
        with clock.at(timezone.now() - timedelta(days=12)):
            over = feedback_open(
                assessment=made,
                about=people[LEARNER],
                asked=others,
                closes_at=clock.now() + timedelta(days=7),
                by=people[AUTHOR],
            )
    for days, email in enumerate(SAID):
        with (
            clock.at(timezone.now() - timedelta(days=11 - days)),
            open_scope(environment_id=environment.pk, person_id=people[email].pk),
        ):
            _answer(over.pk, people[email], *SAID[email])
    with clock.at(timezone.now() - timedelta(days=5)), open_scope(environment_id=environment.pk):
        feedback_close(round_=over)
    with open_scope(environment_id=environment.pk):
        asked = {"report": [people[LEARNER], people[PEERS[0]]], "peer": [people[PEERS[1]], people[PEERS[2]]]}
        ends = timezone.now() + timedelta(days=10)
        feedback_open(assessment=made, about=people[MANAGER], asked=asked, closes_at=ends, by=people[AUTHOR])


def _answer(round_id: int, person: Person, steps: tuple[int, ...], keep: str, change: str) -> None:
    rows = FeedbackSeat.objects.select_related("round__assessment__element", "round__person")
    attempt = feedback_start(seat=rows.get(round_id=round_id, person=person))
    forms = ({f"answer-{n}": [str(step)] for n, step in enumerate(steps)}, {"answer": [keep]}, {"answer": [change]})
    for position, form in enumerate(forms, start=1):
        answer_save(attempt_uid=attempt.uid, person_id=person.pk, position=position, response=form)
    attempt_finish(attempt_uid=attempt.uid, person_id=person.pk)
