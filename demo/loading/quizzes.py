"""An exam with sections and an essay, and a survey that nobody can be found in: how quizzes can be held."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from assessments.models import Answer, Assessment
from assessments.question_types.registry import question_type
from assessments.selectors.marking import answers_to_mark
from assessments.services import (
    answer_mark,
    answer_save,
    assessment_create,
    assessment_set,
    attempt_finish,
    attempt_start,
    bank_create,
    draw_add,
    question_put,
    question_save,
    rubric_save,
    section_add,
)
from assessments.services.analysing import analysis_run
from ecosystem import clock
from ecosystem.markup import markdown_to_html
from ecosystem.models import Element, Environment, Membership, Person
from ecosystem.scope import open_scope

EXAM, SURVEY = "first-aid-exam", "after-the-training"
AUTHOR = "author@demo.example.org"
KNOWLEDGE = "<p>Ten questions about what you read in the course. Choose what you would do first.</p>"
CASE = (
    "<p>It is twenty past nine on the evening round. Mrs Adeyemi, who lived on the ward for six years, died this afternoon. "
    "Your colleague Ruth was her contact person from the first day.</p>"
    "<p>Ruth hears it from you in the corridor. She nods, says <em>I see</em>, and takes up the medicine trolley again. "
    "There are eleven residents left on the round. Your shift ends at eleven; hers does too.</p>"
)
STORY = "Ruth wants to finish her round first. What do you say and do in the next ten minutes, and why?"
ESSAYS = (
    "I would ask her to sit down with me for a moment, somewhere quiet, and say that I am sorry to hear it. I would not tell "
    "her how to feel. I would ask what she needs now: to finish the round, or that somebody takes it over. Then I would see to "
    "that, and tell her that I come back before the end of the shift.",
    "First look: is she safe to go on giving medication? I offer to take over the round. I listen without filling the "
    "silence, and I ask whether there is somebody she wants to call. Before I go I say who is there for her tonight.",
    "Tell her to take a break and that it will be all right.",
)
RUBRIC = [
    {"title": "Looks and listens first", "levels": [
        {"title": "does not", "points": 0}, {"title": "says so", "points": 1}, {"title": "shows how", "points": 2}]},
    {"title": "Links to help and comes back", "levels": [
        {"title": "does not", "points": 0}, {"title": "one of both", "points": 1}, {"title": "both", "points": 2}]},
]  # fmt: skip
SAID = [
    ("easy", "The group was small enough to ask everything."), ("easy", ""), ("fair", "More practice, fewer slides, please."),
    ("easy", "I used it the same evening."), ("hard", "It was a lot for one afternoon."), ("fair", ""),
]  # fmt: skip


def quizzes_load(people: dict[str, Person]) -> None:
    """In the open environment, which has the course on first aid: the exam and the survey."""
    author = people[AUTHOR]
    course_bank = Element.objects.get(slug="pfa-at-work-bank")
    facts = {"creators": [author], "owner": author, "language": "en"}
    bank = bank_create(title="Exams and surveys", slug="exam-bank", tags=["psychological first aid"], **facts)
    essay = question_save(
        bank=bank,
        identifier="exam-essay",
        type="essay",
        stem=markdown_to_html(STORY),
        body={
            "minimum_words": 40,
            "maximum_words": 200,
            "marker_notes": "<p>Look, listen, link. Advice alone earns little.</p>",
        },
        name="After bad news",
    ).question
    rubric_save(question=essay, criteria=RUBRIC, by=author)
    exam = assessment_create(
        title="Psychological first aid: the exam",
        slug=EXAM,
        summary="Ten questions drawn for you, then one case in your own words.",
        questions=[essay],
        pass_mark=0.6,
        attempts_allowed=2,
        people_mark=True,
        minutes=30,
        **facts,
    )
    assessment_set(assessment=exam, by=author, minutes_allowed=45, wait_minutes=24 * 60, anonymous_marking=True)
    knowledge = section_add(assessment=exam, title="What you know", text=KNOWLEDGE, by=author)
    case = section_add(assessment=exam, title="A case", text=CASE, by=author)
    draw_add(assessment=exam, bank=course_bank, count=10, section=knowledge, by=author)
    question_put(assessment=exam, question=essay, section=case, by=author)
    _survey(bank, author, facts)


def _survey(bank: Element, author: Person, facts: dict[str, object]) -> None:
    choices = {"easy": "Easy to follow", "fair": "A little too fast or too slow", "hard": "Hard to follow"}
    body = {"choices": [{"text": words, "correct": True} for words in choices.values()], "shuffle": False}
    pace = question_save(
        bank=bank, identifier="survey-pace", type="single", stem="<p>How was the training?</p>", body=body
    )
    words = question_save(
        bank=bank,
        identifier="survey-words",
        type="essay",
        stem="<p>What should stay, and what should change?</p>",
        body={},
    )
    survey = assessment_create(
        title="After the training: what did you think?",
        slug=SURVEY,
        summary="Two questions. Nobody can see who answered what.",
        questions=[pace.question, words.question],
        pass_mark=0,
        minutes=2,
        **facts,
    )
    assessment_set(assessment=survey, by=author, mode="survey", attempts_allowed=1, minimum_group=5)


def quizzes_live(environment: Environment) -> None:
    """Three hand in the exam: one is marked, two wait. Six answer the survey: five of them are shown."""
    with open_scope(environment_id=environment.pk):
        exam = Assessment.objects.select_related("element").filter(element__slug=EXAM).first()
        if exam is None:
            return
        survey = Assessment.objects.select_related("element").get(element__slug=SURVEY)
        rows = Membership.objects.filter(roles__contains=["learner"], ended_at=None).select_related("person")
        learners = list(rows.order_by("person__email")[: len(SAID)])
    for days, (who, essay) in enumerate(zip(learners, ESSAYS, strict=False), start=1):
        with (
            clock.at(timezone.now() - timedelta(days=6 - days)),
            open_scope(environment_id=environment.pk, person_id=who.person_id),
        ):
            _answer(exam, who, essay)
    for who, (pace, words) in zip(learners, SAID, strict=False):
        with (
            clock.at(timezone.now() - timedelta(days=1)),
            open_scope(environment_id=environment.pk, person_id=who.person_id),
        ):
            attempt = attempt_start(assessment=survey, person_id=who.person_id)
            place = ["easy", "fair", "hard"].index(pace)
            Answer.objects.filter(attempt=attempt, version__type="single").update(response={"choice": place})
            Answer.objects.filter(attempt=attempt, version__type="essay").update(
                response={"text": words} if words else None
            )
            attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)
    with open_scope(environment_id=environment.pk):
        marker = Membership.objects.filter(roles__overlap=["instructor", "admin"], ended_at=None).order_by("pk").first()
        waiting = answers_to_mark(marker).order_by("attempt__finished_at").first() if marker else None
        if waiting is not None:
            comment = "You look and listen before you act, and you come back. That is it."
            answer_mark(answer=waiting, fraction=Decimal(0), rubric={"0": 2, "1": 1}, comment=comment, by=marker)


def figures_load(environment: Environment) -> None:
    """What the answers of the past tell of the questions; else each night."""
    with open_scope(environment_id=environment.pk):
        for quiz in Assessment.objects.filter(environment_id=environment.pk).filter(mode="quiz"):
            analysis_run(assessment=quiz)


def _answer(exam: Assessment, who: Membership, essay: str) -> None:
    """Most of the choices right, as far as a body says what is; the essay as it is written."""
    attempt = attempt_start(assessment=exam, person_id=who.person_id)
    for answer in Answer.objects.filter(attempt=attempt).select_related("version"):
        form = {"answer": [essay]} if answer.version.type == "essay" else _chosen(answer)
        answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=answer.position, response=form)
    attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)


def _chosen(answer: Answer) -> dict[str, list[str]]:
    """The first choice on the screen for every fourth question, else what is right where the type shows choices."""
    shown = question_type(answer.version.type).public(answer.version.body, None).get("choices", [])
    right = [n for n, choice in enumerate(answer.version.body.get("choices", [])) if choice.get("correct")]
    places = right if right and answer.position % 4 else [0]
    return {"answer": [shown[n]["value"] for n in places if n < len(shown)]}
