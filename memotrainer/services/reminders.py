"""One reminder a day at most, at the hour the person chose, and none after three that were ignored."""

from __future__ import annotations

import logging
from collections import Counter
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
from memotrainer.models import Review, Trainer
from memotrainer.places import at_environment
from memotrainer.services.trainers import reminder_plan, zone_here
from notifications.models import MailMode, Notice
from notifications.selectors import mail_is_stopped, words_for
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
    zone, here = zone_here(), None if trainer.reminders_off else _member(trainer.person_id)
    today = now.astimezone(zone).date()
    with timezone.override(zone):  # a day is one of the people here
        waiting = today_of(person_id=trainer.person_id, at=now, here=here) if here else Today()
    if waiting.ids and here:
        told, begin = _told_before(trainer), start_of_day(today, zone=zone)
        earlier = next((at for at in told if at < begin), None)
        if earlier and here.person.places > 1 and _answered_anywhere(trainer.person_id, since=earlier):
            trainer.ignored = 0
        if not told or told[0] < begin:
            _tell_or_ask(trainer, waiting, here=here, today=today.isoformat())
        trainer.ignored += 1
    reminder_plan(trainer=trainer, zone=zone, after=now)
    trainer.save(update_fields=["next_reminder_at", "ignored"])
    return bool(waiting.ids)


def _member(person_id: int) -> Membership | None:
    rows = Membership.objects.select_related("person", "environment")
    return rows.filter(person_id=person_id, ended_at=None).first()


def _told_before(trainer: Trainer) -> list[datetime]:
    """When the person was reminded the last two times, wherever they learn, the newest first: one a day for all of it."""
    with connection.cursor() as cursor:  # two workers may have the person in two environments at once
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('memotrainer.remind'), %s)", [trainer.person_id % 2**31])
    with own_rows():
        notices = Notice.objects.filter(person_id=trainer.person_id, kind=REMINDER).order_by("-created_at")
        return list(notices.values_list("created_at", flat=True)[:2])


def _answered_anywhere(person_id: int, *, since: datetime) -> bool:
    with own_rows():
        return Review.objects.filter(person_id=person_id, answered_at__gte=since, response__isnull=False).exists()


def _tell_or_ask(trainer: Trainer, waiting: Today, *, here: Membership, today: str) -> None:
    """From the environment of most of what is due, of this one where it is as much. Not from where the person wants no
    reminders or no letters about them; where letters are wanted nowhere, the notice here is all."""
    counts = Counter(waiting.homes.get(pk, here.environment_id) for pk in waiting.ids)
    counts[here.environment_id] += 0
    most_first = sorted(counts, key=lambda place: (-counts[place], place != here.environment_id, place))
    wanted = [place for place in most_first if _are_letters_wanted(place, here=here)] if len(most_first) > 1 else []
    place = next(iter(wanted), here.environment_id)
    with at_environment(None if place == here.environment_id else place, here=here) as there:
        if trainer.ignored == IGNORED_AT_MOST:
            _ask(there.person_id, today=today)
        else:
            _tell(there.person_id, waiting=waiting, today=today)


def _are_letters_wanted(place: int, *, here: Membership) -> bool:
    with at_environment(None if place == here.environment_id else place, here=here) as there:
        is_off = Trainer.objects.filter(person_id=there.person_id, reminders_off=True).exists()
        return not (is_off or mail_is_stopped(person_id=there.person_id, kind=REMINDER))


def _tell(person_id: int, *, waiting: Today, today: str) -> None:
    cards, minutes = len(waiting.ids), waiting.minutes
    with words_for(person_id=person_id):
        questions = ngettext("%(count)s question", "%(count)s questions", cards) % {"count": cards}
        about = ngettext("about %(count)s minute", "about %(count)s minutes", minutes) % {"count": minutes}
        notify(
            person_id=person_id,
            key=f"{REMINDER}:{person_id}:{today}",
            kind=REMINDER,
            title=f"{questions}, {about}",
            body=_("Your cards for today are ready. You can stop at any time, nothing is lost."),
            href=reverse("memotrainer:session"),
            action=_("Start"),
            mail=True,
            mode=MailMode.AT_MOST_ONCE,
        )


def _ask(person_id: int, *, today: str) -> None:
    with words_for(person_id=person_id):
        notify(
            person_id=person_id,
            key=f"{ASKING}:{person_id}:{today}",
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
