"""Questions to who books, and their answers."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from events.exceptions import EventError
from events.models import Event, EventAnswer, EventQuestion, QuestionKind
from events.services.locking import held_and_on
from events.services.rows import only_organisers

MOST_QUESTIONS, LONGEST_ANSWER, MOST_CHOICES = 20, 500, 20
YES_NO = ("yes", "no")


@transaction.atomic
def question_add(
    *, event: Event, kind: str, text: str, choices: list[str] | None = None, required: bool = False, by: Membership
) -> EventQuestion:
    """One more question, after the others. A choice has from two to twenty choices, others none."""
    only_organisers(by=by)
    held = held_and_on(event_id=event.pk)
    said = [one for line in choices or [] if (one := line.replace("\x00", "").strip()[:100])]
    if kind == QuestionKind.CHOICE and not 2 <= len(set(said)) <= MOST_CHOICES:
        raise EventError(_("Give from 2 to %(most)s choices.") % {"most": MOST_CHOICES})
    if EventQuestion.objects.filter(event=held, ended_at=None).count() >= MOST_QUESTIONS:
        raise EventError(_("At most %(most)s questions.") % {"most": MOST_QUESTIONS})
    if not (words := text.replace("\x00", "").strip()):
        raise EventError(_("Write the question."))
    made: EventQuestion = EventQuestion.objects.create(
        environment_id=held.environment_id, event=held, kind=kind, text=words[:200], required=required,
        choices=list(dict.fromkeys(said)) if kind == QuestionKind.CHOICE else [],
        position=EventQuestion.objects.filter(event=held).count(),
    )  # fmt: skip
    audit(act="event.question_added", by=by.person, target=made, after={"text": made.text})
    return made


@transaction.atomic
def question_end(*, question: EventQuestion, by: Membership) -> None:
    """Nobody is asked it any more; what was answered stays. Twice is once."""
    only_organisers(by=by)
    held_and_on(event_id=question.event_id)
    if EventQuestion.objects.filter(pk=question.pk, ended_at=None).update(ended_at=clock.now()):
        audit(act="event.question_ended", by=by.person, target=question, before={"text": question.text})


def answers_checked(*, event: Event, answers: Mapping[int, str] | None) -> dict[EventQuestion, str]:
    """The answers to the questions that are asked, by question. Refuses a required one left out, and what is no choice."""
    given, found = answers or {}, {}
    for question in EventQuestion.objects.filter(event=event, ended_at=None):
        said = given.get(question.pk, "").replace("\x00", "").strip()[:LONGEST_ANSWER]
        allowed = {QuestionKind.CHOICE: question.choices, QuestionKind.YES_NO: YES_NO}.get(QuestionKind(question.kind))
        if said and allowed is not None and said not in allowed:
            raise EventError(_("“%(question)s”: choose one of the answers.") % {"question": question.text})
        if question.required and not said:
            raise EventError(_("Answer “%(question)s” first.") % {"question": question.text})
        if said:
            found[question] = said
    return found


def answers_keep(*, found: Mapping[EventQuestion, str], membership: Membership) -> None:
    """Who books again answers again: the last word counts."""
    for question, said in found.items():
        EventAnswer.objects.update_or_create(
            environment_id=membership.environment_id, question=question, person_id=membership.person_id,
            defaults={"text": said, "said_at": clock.now()},
        )  # fmt: skip
