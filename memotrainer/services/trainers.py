"""The trainer of a person: their wishes, and the lock that every write of this app takes first."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from ecosystem.models import Environment
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope
from memotrainer.daily import is_preparing
from memotrainer.enums import IGNORED_AT_MOST, REMINDER
from memotrainer.models import Card, Trainer
from memotrainer.reminding import next_reminder
from notifications.services import mail_resume


def trainer_lock(*, person_id: int) -> Trainer:
    """The person's trainer, made when there is none, locked until the transaction ends."""
    locked = Trainer.objects.select_for_update().filter(person_id=person_id)
    found = locked.first()
    if found is None:
        Trainer.objects.get_or_create(environment_id=current_scope().environment_id, person_id=person_id)
        found = locked.get()
    return found


def zone_here() -> ZoneInfo:
    """The time zone in which the people of the open scope live their days."""
    ((name,),) = _zone_name(environment=current_scope().environment_id)
    return ZoneInfo(name)


@prepared
def _zone_name(*, environment: Given) -> QuerySet[Environment, tuple[str]]:
    return Environment.objects.filter(pk=environment).values_list("time_zone")


def reminder_plan(*, trainer: Trainer, zone: ZoneInfo, after: datetime) -> None:
    """Set when to remind next; the caller saves. None when nothing can come due or none is wanted.

    Who has ignored the last ones, and the question whether to go on, is left in peace until they answer a card or
    save their wishes.
    """
    earliest = Card.objects.filter(person_id=trainer.person_id, suspended_at=None).aggregate(first=Min("due_at"))[
        "first"
    ]
    if earliest is not None and is_preparing(person_id=trainer.person_id, on=after.astimezone(zone).date()):
        earliest = min(earliest, after)
    trainer.next_reminder_at = None
    given_up = trainer.ignored > IGNORED_AT_MOST
    if earliest is not None and not (trainer.reminders_off or given_up):
        trainer.next_reminder_at = next_reminder(
            after=after,
            due_at=earliest,
            hour=trainer.reminder_hour,
            weekdays=trainer.weekdays,
            zone=zone,
            back_on=trainer.back_on,
        )


@transaction.atomic
def trainer_settings_save(
    *,
    person_id: int,
    reminder_hour: int,
    weekdays: Sequence[int],
    session_size: int,
    reminders_off: bool,
    easy_days: Sequence[int] | None = None,
    desired_retention: float | None = None,
    streak_level: int | None = None,
    test_minutes: int | None = None,
) -> Trainer:
    """Keep the person's wishes and plan by them. Wanting reminders again also undoes a stop from a letter."""
    trainer = trainer_lock(person_id=person_id)
    trainer.reminder_hour, trainer.session_size = reminder_hour, session_size
    trainer.weekdays, trainer.reminders_off = sorted(set(weekdays)), reminders_off
    trainer.streak_level, trainer.test_minutes = streak_level, test_minutes
    if easy_days is not None:
        trainer.easy_days = sorted(set(easy_days))
    if desired_retention is not None:
        trainer.desired_retention = desired_retention
    trainer.ignored = 0
    if not reminders_off:
        mail_resume(person_id=person_id, kind=REMINDER)
    reminder_plan(trainer=trainer, zone=zone_here(), after=timezone.now())
    trainer.save()
    return trainer
