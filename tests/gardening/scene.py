"""A small ecosystem with truths that can be counted by hand; used for gardening and reporting."""

from collections.abc import Callable
from dataclasses import dataclass

from assessments.models import Answer, Assessment
from assessments.services import answer_save, attempt_finish, attempt_start
from catalogue.services import offer_make, offer_take
from content.services import page_create, page_finish
from courses.services import PlannedActivity, PlannedBlock, course_publish, run_open
from ecosystem.models import Element, Environment, Membership
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from tests.assessments.answering import make_assessment, right_form, wrong_form
from tests.settle import settle


@dataclass
class Grown:
    environment: Environment
    course: Element
    page: Element
    quiz: Assessment

    def enrol(self, who: Membership) -> None:
        with open_scope(environment_id=self.environment.pk, person_id=who.person_id):
            offer_take(offer=self.course.offers.get(), person=who.person)

    def read(self, who: Membership) -> None:
        with open_scope(environment_id=self.environment.pk, person_id=who.person_id):
            page_finish(element=self.page)

    def answer(self, who: Membership, *, right: bool) -> None:
        with open_scope(environment_id=self.environment.pk, person_id=who.person_id):
            attempt = attempt_start(assessment=self.quiz, person_id=who.person_id)
            for answer in Answer.objects.filter(attempt=attempt).select_related("version"):
                form = (right_form if right else wrong_form)(answer.version)
                answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=answer.position, response=form)
            attempt_finish(attempt_uid=attempt.uid, person_id=who.person_id)

    def settle(self) -> None:
        settle(self.environment)


def grow(environment: Environment, *, title: str, slug: str = "course") -> Grown:
    """A course of a page and a quiz, which everybody may take."""
    with open_scope(environment_id=environment.pk):
        page = page_create(title=f"Page of {title}", slug=f"{slug}-page", markdown="Hello", creators=["Ada"]).element
        quiz = make_assessment("single", slug=f"{slug}-quiz")
        course = element_create(kind="course", title=title, slug=slug, creators=["Ada"])
        plan = [PlannedActivity(target=page), PlannedActivity(target=quiz.element)]
        course_publish(element=course, blocks=[PlannedBlock("One", plan)])
        offer_make(element=course, run=run_open(element=course))
    return Grown(environment, course, page, quiz)


def people(member: Callable[..., Membership], count: int, environment: Environment) -> list[Membership]:
    return [member("learner", environment=environment) for _ in range(count)]
