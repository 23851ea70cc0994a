"""One reminder a day at most, at the hour the person chose, and none after three that were ignored."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.models import Membership
from ecosystem.scope import open_scope, own_rows, system_rows
from memotrainer.daily import Today, today_of
from memotrainer.enums import ASKING, IGNORED_AT_MOST, REMINDER
from memotrainer.memory import start_of_day
from memotrainer.models import Trainer
from memotrainer.services.trainers import reminder_plan, zone_here
from notifications.models import MailMode, Notice
from notifications.selectors import words_for
from notifications.services import notify

logger = logging.getLogger(__name__)

BATCH = 500
AFTER_FAILURE = timedelta(hours=1)


def trainer_remind() -> int:
    """Remind everybody whose time has come, in all environments; returns how many were told.

    Each person in a transaction of their own: the next reminder is planned, and notice and letter are written,
    or nothing is. One that fails is tried again an hour later and stops no other.
    """
    with system_rows():
        due = list(due_trainers(now=timezone.now()))
    return sum(
        _remind_safely(environment_id=environment_id, trainer_id=pk, person_id=person_id)
        for environment_id, pk, person_id in due
    )


def due_trainers(*, now: datetime, most: int = BATCH) -> QuerySet[Trainer, tuple[int, int, int]]:
    """(environment, trainer, person) of whose reminder is due, from a partial index: costs what is due, not who there is."""
    rows = Trainer.objects.filter(next_reminder_at__lte=now).order_by("next_reminder_at")
    return rows.values_list("environment_id", "pk", "person_id")[:most]


def _remind_safely(*, environment_id: int, trainer_id: int, person_id: int) -> bool:
    try:
        with open_scope(environment_id=environment_id, person_id=person_id):
            return _remind(trainer_id=trainer_id)
    except Exception:
        logger.exception("reminder of trainer %s", trainer_id)
        with open_scope(environment_id=environment_id):
            Trainer.objects.filter(pk=trainer_id).update(next_reminder_at=timezone.now() + AFTER_FAILURE)
        return False


def _remind(*, trainer_id: int) -> bool:
    now = timezone.now()
    trainer = (
        Trainer.objects.select_for_update(skip_locked=True).filter(pk=trainer_id, next_reminder_at__lte=now).first()
    )
    if trainer is None:  # another worker has it, or has done it
        return False
    zone = zone_here()
    with timezone.override(zone):  # a day is one of the people here
        waiting = today_of(person_id=trainer.person_id, at=now) if _may_remind(trainer) else Today()
    today = now.astimezone(zone).date().isoformat()
    if waiting.ids and trainer.ignored == IGNORED_AT_MOST:
        _ask(trainer, today=today)
    elif waiting.ids and not _told_elsewhere(trainer, since=start_of_day(now.astimezone(zone).date(), zone=zone)):
        _tell(trainer, waiting=waiting, today=today)
    trainer.ignored += bool(waiting.ids)
    reminder_plan(trainer=trainer, zone=zone, after=now)
    trainer.save(update_fields=["next_reminder_at", "ignored"])
    return bool(waiting.ids)


def _may_remind(trainer: Trainer) -> bool:
    here = Membership.objects.filter(person_id=trainer.person_id, ended_at=None).exists()
    return here and not trainer.reminders_off


def _told_elsewhere(trainer: Trainer, *, since: datetime) -> bool:
    """Whether the person was reminded in another of their environments today: one reminder a day, wherever they learn."""
    with connection.cursor() as cursor:  # two workers may have the person in two environments at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('memotrainer.remind'), %s)", [trainer.person_id % 2**31])
    with own_rows():
        notices = Notice.objects.filter(person_id=trainer.person_id, kind=REMINDER, created_at__gte=since)
        return notices.exclude(environment_id=trainer.environment_id).exists()


def _tell(trainer: Trainer, *, waiting: Today, today: str) -> None:
    cards, minutes = len(waiting.ids), waiting.minutes
    with words_for(person_id=trainer.person_id):
        questions = ngettext("%(count)s question", "%(count)s questions", cards) % {"count": cards}
        about = ngettext("about %(count)s minute", "about %(count)s minutes", minutes) % {"count": minutes}
        notify(
            person_id=trainer.person_id,
            key=f"{REMINDER}:{trainer.person_id}:{today}",
            kind=REMINDER,
            title=f"{questions}, {about}",
            body=_("Your cards for today are ready. You can stop at any time, nothing is lost."),
            href=reverse("memotrainer:session"),
            action=_("Start"),
            mail=True,
            mode=MailMode.AT_MOST_ONCE,
        )


def _ask(trainer: Trainer, *, today: str) -> None:
    with words_for(person_id=trainer.person_id):
        notify(
            person_id=trainer.person_id,
            key=f"{ASKING}:{trainer.person_id}:{today}",
            kind=REMINDER,
            title=_("Shall we stop reminding you?"),
            body=_(
                "You did not use the last reminders, so this is the last one. Answer a card or choose another hour, and they come back."
            ),
            href=reverse("memotrainer:settings"),
            action=_("Choose when"),
            mail=True,
            mode=MailMode.AT_MOST_ONCE,
        )
