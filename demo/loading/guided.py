"""A course that somebody guides: blended, with dates, tasks on the job, and a draft that its author is working on.

Beside the past that is drawn by chance, so that each page of instructors, mentors and authors has something to show. In
development one of its steps is a conversation in an external tool.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from content.services import page_create, page_finish, page_open
from courses.models import Enrolment, TaskReport
from courses.services import (
    PlannedActivity,
    PlannedBlock,
    activity_add,
    block_add,
    bulk,
    course_publish,
    draft_of,
    enrolment_create,
    runs,
)
from courses.services.tasks_on_the_job import task_answer, task_report
from demo.loading.files import text
from demo.loading.outside_tools import practise, step_make
from ecosystem import clock
from ecosystem.models import Element, Environment, Membership, Person
from ecosystem.scope import open_scope
from ecosystem.services.elements import element_create
from social.services import discussion_make

HERE = "demo"
COURSE, TALK = "first-night-shifts", "what-the-night-is-like"
AUTHOR, ADMIN, INSTRUCTOR = "author@demo.example.org", "admin@demo.example.org", "instructor@demo.example.org"
MENTOR = "tomasz.zielinski@demo.example.org"
# Who is in it, and what came of the task: nothing said yet, waiting, sent back, confirmed.
LEARNERS = {
    "chiara.bellini@demo.example.org": "",
    "hannah.whitlock@demo.example.org": "waiting",
    "leila.haddad@demo.example.org": "sent back",
    "marek.novotny@demo.example.org": "confirmed",
}
SAID = {
    "waiting": "I walked the house at two with Marek. The light over the back stairs is broken, and I have reported it.",
    "sent back": "Done, all was quiet.",
    "confirmed": "I walked it alone at three. Room 4 was awake, we had tea. I wrote it into the handover.",
}
# What the conversation in the tool came to, of 20 points; None: opened and not finished.
POINTS: dict[str, float | None] = {
    "hannah.whitlock@demo.example.org": None,
    "leila.haddad@demo.example.org": 11,
    "marek.novotny@demo.example.org": 18,
}
ANSWERED = {
    "sent back": "Thank you. Which doors did you try, and who knew where you were?",
    "confirmed": "You noticed what mattered, and the next shift knew of it. Well done.",
}


def guided_load(environment: Environment, people: dict[str, Person]) -> None:
    """The course with its runs, in the root of the demo only."""
    if environment.slug != HERE:
        return
    by = {email: _member(environment, people[email]) for email in (AUTHOR, ADMIN, INSTRUCTOR, MENTOR, *LEARNERS)}
    begin = timezone.now() - timedelta(weeks=3)
    with clock.at(begin), open_scope(environment_id=environment.pk, person_id=people[AUTHOR].pk):
        link = step_make(by=by[AUTHOR], admin=by[ADMIN], tags=["shift work"], language="en")
        course, task = _course(by[AUTHOR].person, link.element if link else None)
    with clock.at(begin), open_scope(environment_id=environment.pk, person_id=people[ADMIN].pk):
        _runs(course, by)
    for at, (email, outcome) in enumerate(LEARNERS.items()):
        _do(environment, by[email], task, outcome, by[MENTOR], begin + timedelta(days=3 + at))
        if link is not None and email in POINTS:
            practise(link, by[email], POINTS[email], begin + timedelta(days=5 + at, hours=3))
    with open_scope(environment_id=environment.pk, person_id=people[AUTHOR].pk):
        _draft(course, by[AUTHOR])


def _member(environment: Environment, person: Person) -> Membership:
    with open_scope(environment_id=environment.pk):
        return Membership.objects.select_related("person", "environment").get(person=person)


def _course(author: Person, conversation: Element | None) -> tuple[Element, Element]:
    """The course, and the task in it."""
    names = ("sleep-night-shifts", "sleep-diary", "one-minute-of-slow-breathing", "practise-reflecting")
    page, diary, film, practice = (Element.objects.get(slug=slug) for slug in names)
    plan = Element.objects.get(slug="aid-night-shift-plan")
    facts = {"creators": [author, "Marek Novotny"], "language": "en", "tags": ["shift work"]}
    task = page_create(
        kind="task", title="Walk the house at night", slug="walk-the-house", minutes=30, by=author,
        markdown=text("tasks/walk-the-house.md"), **facts,
    ).element  # fmt: skip
    talk = discussion_make(
        title="What the night is like", slug=TALK, markdown=text("discussions/what-the-night-is-like.md"),
        threads_asked=0, replies_asked=1, by=Membership.objects.get(person=author), minutes=10, **facts,
    ).element  # fmt: skip
    course = element_create(
        kind="course",
        title="Your first three night shifts",
        slug=COURSE,
        summary="What to know before you go, one thing to do each night, and somebody who looks at it with you.",
        why="The first nights decide whether people stay, and whether guests are safe with somebody new.",
        cover="hills",
        minutes=70,
        **facts,
    )
    read = {"completed": page.pk}
    blocks = [
        PlannedBlock("Before the first night", [PlannedActivity(page), PlannedActivity(plan), PlannedActivity(diary)]),
        PlannedBlock("During the nights", [
            *([PlannedActivity(conversation, condition=read)] if conversation else []),
            PlannedActivity(task, weight=3, condition=read),
            PlannedActivity(talk, condition=read),
            PlannedActivity(film, optional=True),
            PlannedActivity(practice, condition={"all": [read, {"after_start": {"weeks": 1}}]}),
        ]),
    ]  # fmt: skip
    course_publish(element=course, blocks=blocks)
    return course, task


def _runs(course: Element, by: dict[str, Membership]) -> None:
    """One that is under way, and one to come."""
    admin, today = by[ADMIN], timezone.localdate()
    dates = {"starts_on": today - timedelta(weeks=3), "ends_on": today + timedelta(weeks=5)}
    run = runs.run_create(element=course, by=admin, title="Nights, this season", **dates)
    runs.run_guide_add(run=run, person=by[INSTRUCTOR].person, role="instructor", by=admin)
    runs.run_guide_add(run=run, person=by[MENTOR].person, role="mentor", by=admin)
    for email in LEARNERS:
        enrolment_create(run=run, person=by[email].person)
    ids = list(Enrolment.objects.filter(run=run).values_list("pk", flat=True))
    bulk.enrolments_guide(run=run, ids=ids, by=admin, role="mentor", person_id=by[MENTOR].person_id)
    runs.run_copy(run=run, by=admin, starts_on=today + timedelta(weeks=6), title="Nights, next season")


def _do(
    environment: Environment, learner: Membership, task: Element, outcome: str, mentor: Membership, moment: datetime
) -> None:
    with clock.at(moment), open_scope(environment_id=environment.pk, person_id=learner.person_id):
        page = Element.objects.get(slug="sleep-night-shifts")
        page_open(element=page)
        page_finish(element=page)
        report = task_report(task=task, note=SAID[outcome], by=learner) if outcome else None
    if report is not None and outcome in ANSWERED:
        with (
            clock.at(moment + timedelta(days=1)),
            open_scope(environment_id=environment.pk, person_id=mentor.person_id),
        ):
            fresh = TaskReport.objects.get(pk=report.pk)
            task_answer(report=fresh, confirm=outcome == "confirmed", words=ANSWERED[outcome], by=mentor)


def _draft(course: Element, author: Membership) -> None:
    """One more chapter, not published yet."""
    draft = draft_of(element=course, by=author)
    edit = block_add(draft=draft, title="Afterwards", by=author, seen=0)
    block = next(iter(edit.changes)) if edit else ""
    after = Element.objects.get(slug="aid-first-five-minutes")
    activity_add(draft=draft, block=block, target=after, by=author, seen=1)
