"""Quizzes of a twin with one of everything around attempts: sections, draws, exceptions, marks, a survey, figures."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from assessments.models import Answer, Assessment, Attempt, BankImport, Draw, FeedbackSeat, Question
from assessments.selectors.bulk_edits import Change
from assessments.services import (
    answer_mark,
    answer_save,
    answer_set_aside,
    assessment_create,
    assessment_set,
    attempt_finish,
    attempt_start,
    override_save,
    question_put,
    question_save,
    remark_apply,
    rubric_save,
    section_add,
)
from assessments.services.analysing import analysis_run
from assessments.services.bank_imports import import_ask
from assessments.services.bulk_edits import questions_change
from assessments.services.feedback import feedback_close, feedback_open, feedback_start
from ecosystem.models import Element, Group
from tests.guards.twins import Twin


def bring_quizzes(
    twin: Twin, secret: str, prefix: str, bank: Element, questions: list[Question], facts: dict[str, Any]
) -> None:
    """An exam with an essay that is marked, a draw, a survey."""
    admin, learner = twin.people["admin"], twin.people["learner"]
    essay = question_save(
        bank=bank,
        identifier=f"{prefix}-essay",
        type="essay",
        stem=f"<p>{secret} essay</p>",
        body={"marker_notes": f"{secret} notes"},
        name=f"{secret} essay",
        category=f"{secret} essays",
    ).question
    exam = assessment_create(
        title=f"{secret} exam",
        questions=[questions[0], essay],
        pass_mark=0.5,
        slug=f"{prefix}-exam",
        people_mark=True,
        **facts,
    )
    section = section_add(assessment=exam, title=f"{secret} section", text=f"<p>{secret} text</p>", by=admin.person)
    question_put(assessment=exam, question=essay, section=section, by=admin.person)
    levels = [{"title": f"{secret} missing", "points": 0}, {"title": f"{secret} there", "points": 1}]
    rubric_save(question=essay, criteria=[{"title": f"{secret} criterion", "levels": levels}], by=admin.person)
    _take(exam, learner.person_id, secret)
    answer = Answer.objects.select_related("version").get(attempt__element=exam.element, version__type="essay")
    answer_mark(answer=answer, fraction=Decimal(0), rubric={"0": 0}, comment=f"{secret} comment", by=admin)
    remark_apply(question=questions[0], way="everybody", because=f"{secret} because", by=admin.person)
    override_save(assessment=exam, person=learner.person, extra_minutes=5, because=f"{secret} reason", by=admin.person)
    group = Group.objects.filter(environment_id=twin.environment.pk).order_by("pk").first()
    if group is not None:
        override_save(assessment=exam, group=group, extra_minutes=5, because=f"{secret} reason", by=admin.person)
    assessment_set(
        assessment=exam, by=admin.person, closes_at=timezone.now() + timedelta(days=90), password=f"{secret} word"
    )
    exam.refresh_from_db()
    attempt_start(assessment=exam, person_id=learner.person_id, password=f"{secret} word")
    answer_set_aside(
        attempt_uid=Attempt.objects.get(element=exam.element, number=1).uid,
        person_id=learner.person_id,
        position=2,
        response={"answer": [f"{secret} late"]},
        given_at=timezone.now(),
    )
    _draw_and_survey(twin, secret, prefix, bank, questions, facts)
    _feedback(twin, secret, prefix, bank, facts)
    file = f"::{secret}:: {secret}? {{T}}\n\n::{secret} broken:: {secret} {{= ~\n".encode()
    import_ask(bank=bank, filename=f"{secret}.gift", data=file, by=admin.person)
    tagged = Change(add_tags=(f"{secret} tag",))
    questions_change(bank=bank, question_ids=[essay.pk], change=tagged, by=admin.person)
    BankImport.objects.update(because=f"{secret} is broken")
    analysis_run(assessment=exam)
    _files(twin, secret, prefix, bank, facts)


def _take(quiz: Assessment, person_id: int, secret: str) -> None:
    """The choice is left open, the essay is written."""
    attempt = attempt_start(assessment=quiz, person_id=person_id)
    for answer in Answer.objects.filter(attempt=attempt, version__type="essay"):
        response = {"answer": [f"{secret} answer"]}
        answer_save(attempt_uid=attempt.uid, person_id=person_id, position=answer.position, response=response)
    attempt_finish(attempt_uid=attempt.uid, person_id=person_id)


def _files(twin: Twin, secret: str, prefix: str, bank: Element, facts: dict[str, Any]) -> None:
    """The administrator is asked for a file."""
    asks = {"identifier": f"{prefix}-file", "type": "file_upload", "body": {"most_files": 20}}
    question = question_save(bank=bank, stem=f"<p>{secret} file</p>", name=f"{secret} file", **asks).question
    quiz = assessment_create(
        title=f"{secret} files", questions=[question], pass_mark=0.5, slug=f"{prefix}-files", people_mark=True, **facts
    )
    attempt_start(assessment=quiz, person_id=twin.people["admin"].person_id)


def _draw_and_survey(
    twin: Twin, secret: str, prefix: str, bank: Element, questions: list[Question], facts: dict[str, Any]
) -> None:
    admin, learner = twin.people["admin"], twin.people["learner"]
    survey = assessment_create(
        title=f"{secret} survey", questions=questions, pass_mark=0.5, slug=f"{prefix}-survey", **facts
    )
    survey = assessment_set(assessment=survey, by=admin.person, mode="survey")
    _take(survey, learner.person_id, secret)
    Draw.objects.create(
        environment=twin.environment,
        element=survey.element,
        assessment=survey,
        position=1,
        count=1,
        bank=bank,
        category=f"{secret} category",
        tag=f"{secret} tag",
    )


def _feedback(twin: Twin, secret: str, prefix: str, bank: Element, facts: dict[str, Any]) -> None:
    """The learner as they and three others see them; closed, and one more that is open."""
    learner, others = twin.people["learner"], [twin.people[role] for role in ("admin", "gardener", "manager")]
    words = question_save(
        bank=bank, identifier=f"{prefix}-feedback", type="essay", stem=f"<p>{secret} feedback</p>", body={}, name=f"{secret} round",
        category=f"{secret} rounds",
    ).question  # fmt: skip
    quiz = assessment_create(
        title=f"{secret} round", questions=[words], pass_mark=0, mode="feedback", slug=f"{prefix}-round", **facts
    )
    quiz = assessment_set(assessment=quiz, by=others[0].person, minimum_group=3)
    for turn in range(2):
        round_ = feedback_open(
            assessment=quiz,
            about=learner.person,
            asked={"peer": [one.person for one in others]},
            closes_at=timezone.now() + timedelta(days=90),
            by=others[0].person,
        )
        if turn:
            break
        for who in (learner, *others):
            seat = FeedbackSeat.objects.select_related("round__assessment__element").get(
                round=round_, person=who.person
            )
            attempt = feedback_start(seat=seat)
            response = {"answer": [f"{secret} view"]}
            answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=1, response=response)
            attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
        feedback_close(round_=round_)
