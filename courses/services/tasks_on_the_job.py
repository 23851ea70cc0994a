"""Tasks on the job: made, done as the learner says, confirmed or sent back by somebody who guides them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from content.services import page_create
from courses.exceptions import CourseError
from courses.models import ActivityState, EnrolmentState, ReportState, State, TaskReport
from courses.selectors.guiding import guides_of, reports_for
from ecosystem import clock
from ecosystem.models import Element, Membership
from ecosystem.services.audit import audit
from notifications.selectors.notices import words_for
from notifications.services import notify
from records.services import record

TASK = "task"
LONGEST = 4000


def task_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    """A new task, made while a course is built; its text is one of content."""
    words = {name: cleaned[name] for name in ("title", "markdown")}
    element: Element = page_create(kind=TASK, creators=[by.person], by=by.person, **words, **facts).element
    return element


@transaction.atomic
def task_report(*, task: Element, note: str, by: Membership) -> TaskReport:
    """``by`` says that they have done it, and how it went; who guides them is told.

    Refuses without a word, a task that is no open step of a course of theirs, and one that waits or is confirmed already.
    """
    note = _words(note)
    if not note:
        raise CourseError(_("Write in a sentence or two what you did and how it went."))
    steps = ActivityState.objects.select_for_update(of=("self",)).filter(
        person_id=by.person_id, target=task, enrolment__state__in=EnrolmentState.living()
    )
    if not any(step.state != State.LOCKED for step in steps.order_by("pk")):
        raise CourseError(
            _("This task is a step of a course: it can be done by who is in the course, once it is open.")
        )
    last = TaskReport.objects.filter(person_id=by.person_id, element=task).order_by("-number").first()
    if last is not None and last.state == ReportState.WAITING:
        raise CourseError(_("You have said so already. It waits for who guides you."))
    if last is not None and last.state == ReportState.CONFIRMED:
        raise CourseError(_("This task has been confirmed already."))
    report = TaskReport.objects.create(
        environment_id=by.environment_id,
        person=by.person,
        element=task,
        number=last.number + 1 if last else 1,
        note=note,
        said_at=clock.now(),
    )
    record(verb="attempted", element=task, person_id=by.person_id, context={"report": report.number})
    for person_id in sorted(guides_of(person_id=by.person_id, element_id=task.pk)):
        with words_for(person_id=person_id):
            body = _("%(name)s says it is done, and waits for you.") % {"name": by.person.name}
        notify(
            person_id=person_id,
            key=f"task-waiting:{report.pk}:{person_id}",
            kind="task-waiting",
            title=task.title,
            body=body,
            href=f"/guiding/{report.uid}/",
        )
    return report


@transaction.atomic
def task_answer(*, report: TaskReport, confirm: bool, words: str, by: Membership) -> TaskReport:
    """Confirm that it is done, which completes the step; or send it back, with what is missing.

    For who guides the learner in a course that has the task, or marks their work; never the learner. The same answer twice
    is once. Refuses another answer to what is answered already, and sending back without a word.
    """
    words = _words(words)
    if not reports_for(by).filter(pk=report.pk).exists():
        raise CourseError(_("Only who guides this learner can do that."))
    fresh = TaskReport.objects.select_for_update(of=("self",)).select_related("element", "person").get(pk=report.pk)
    wanted = ReportState.CONFIRMED if confirm else ReportState.SENT_BACK
    if fresh.state == wanted:
        return fresh
    if fresh.state != ReportState.WAITING:
        raise CourseError(_("Somebody has answered this already."))
    if not confirm and not words:
        raise CourseError(_("Write what is missing, so that they know what to do."))
    fresh.state, fresh.answer, fresh.answered_by, fresh.answered_at = wanted, words, by.person, clock.now()
    fresh.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    act = {"by": by.person, "target": fresh, "after": {"person": fresh.person_id, "number": fresh.number}}
    if confirm:
        audit(act="task.confirmed", **act)
    else:
        audit(act="task.sent_back", **act)
    if confirm:
        record(
            verb="completed",
            element=fresh.element,
            person_id=fresh.person_id,
            result={"completion": True, "confirmed": True},
            context={"report": fresh.number},
        )
    said = (
        gettext_lazy("Confirmed. The step is done.") if confirm else gettext_lazy("Not yet: look at what is missing.")
    )
    notify(
        person_id=fresh.person_id,
        key=f"task-answered:{fresh.pk}",
        kind="task-answered",
        title=fresh.element.title,
        body=said,
        href=f"/tasks/{fresh.element.slug}/",
    )
    return fresh


def _words(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]
