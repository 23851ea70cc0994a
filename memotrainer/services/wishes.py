"""What people say about their cards and questions, and how a course is trained."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Question
from ecosystem.hints import hint
from ecosystem.models import Element, Membership, Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from memotrainer.enums import Mode
from memotrainer.exceptions import CardError, UnknownCardError
from memotrainer.models import Card, QuestionReport, Training
from memotrainer.tasks import reschedule_course


@transaction.atomic
def question_report(*, person_id: int, card_id: int, text: str = "") -> QuestionReport:
    """Say that the question of one's card is wrong or unclear. Saying it again changes the words of the open report."""
    card = Card.objects.filter(pk=card_id, person_id=person_id).first()
    if card is None:
        raise UnknownCardError(_("This card is not yours."))
    report, _made = QuestionReport.objects.update_or_create(
        environment_id=card.environment_id,
        person_id=person_id,
        question_id=card.question_id,
        settled_at=None,
        defaults={"bank_id": card.bank_id, "text": text.strip()[:500]},
        create_defaults={"bank_id": card.bank_id, "text": text.strip()[:500], "reported_at": timezone.now()},
    )
    return report


@transaction.atomic
def reports_settle(*, question: Question, by: Person) -> int:
    """The author has looked at it; returns how many reports that settles."""
    count = QuestionReport.objects.filter(question=question, settled_at=None).update(settled_at=timezone.now())
    if count:
        audit(act="memotrainer.reports_settled", by=by, target=question, after={"reports": count})
    return count


@transaction.atomic
def training_save(*, course: Element, by: Membership, **wishes: Any) -> Training:
    """How a course is trained here. Its cards get their new days soon; should that be lost, each with its next answer."""
    if wishes.get("mode") == Mode.TEST and wishes.get("test_on") is None:
        raise CardError(_("Say on which day the test is."))
    before = Training.objects.filter(element=course).first()
    kept = before.test_on if before else None
    if wishes.get("mode") == Mode.TEST and wishes["test_on"] != kept and wishes["test_on"] <= timezone.localdate():
        raise CardError(_("Choose a day that is still to come."))
    training, _made = Training.objects.update_or_create(
        environment_id=current_scope().environment_id, element=course, defaults=wishes
    )
    hint(reschedule_course, queue="bulk", environment_id=training.environment_id, course_id=course.pk)
    audit(
        act="memotrainer.training_changed",
        by=by.person,
        target=course,
        before={"mode": before.mode, "desired_retention": before.desired_retention} if before else {},
        after={"mode": training.mode, "desired_retention": training.desired_retention},
    )
    return training
