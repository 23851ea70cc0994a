"""Breaks of a person: one that begins now, and holidays that are planned ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from memotrainer.breaks import Holiday, merged
from memotrainer.enums import Mode
from memotrainer.exceptions import CardError
from memotrainer.memory import day_of, due_after, start_of_day
from memotrainer.models import MOST_HOLIDAYS, Card, Trainer
from memotrainer.scheduling import balanced
from memotrainer.services.trainers import reminder_plan, trainer_lock, zone_here
from memotrainer.ways import ways_of

LONGEST_PAUSE = timedelta(days=366)
WEEK = timedelta(days=7)
FARTHEST = timedelta(days=2 * 366)
REMEMBERED = timedelta(days=60)  # how long one that is over is kept, to begin again gently
MOST_MOVED = 500


@transaction.atomic
def trainer_pause(*, person_id: int, until: date | None) -> Trainer:
    """No cards and no reminders before ``until``; None goes on at once. What was due waits, and is not lost."""
    trainer, zone = trainer_lock(person_id=person_id), zone_here()
    today = timezone.now().astimezone(zone).date()
    if until is not None and not today < until <= today + LONGEST_PAUSE:
        raise CardError(_("Choose a day between tomorrow and a year from now."))
    trainer.paused_until = until
    trainer.ignored = 0
    reminder_plan(trainer=trainer, zone=zone, after=timezone.now())
    trainer.save(update_fields=["paused_until", "ignored", "next_reminder_at"])
    return trainer


def trainer_pause_week(*, person_id: int) -> None:
    """A week without cards, from the letter that reminds of them; a longer pause stays."""
    until = timezone.now().astimezone(zone_here()).date() + WEEK
    planned = Trainer.objects.filter(person_id=person_id).values_list("paused_until", flat=True).first()
    if planned is None or planned < until:
        trainer_pause(person_id=person_id, until=until)


@transaction.atomic
def holidays_save(*, person_id: int, holidays: Collection[Holiday]) -> Trainer:
    """These are the holidays that are planned, whatever was planned before; those that touch are one. In them there are no
    cards and no reminders, and cards that can come on other days as well do so.

    Refuses (CardError) one that ends before it begins or is over, lasts more than a year, is more than two years away, or is
    one too many.
    """
    trainer, zone, now = trainer_lock(person_id=person_id), zone_here(), timezone.now()
    today = now.astimezone(zone).date()
    over = [one for one in trainer.holidays if today - REMEMBERED <= one[1] < today]
    wanted = merged(one for one in holidays if list(one) not in over)
    if any(not (first <= last and last - first < LONGEST_PAUSE) for first, last in holidays):
        raise CardError(_("A holiday ends on the day it begins or later, and within a year."))
    if any(not today <= last <= today + FARTHEST for _first, last in wanted):
        raise CardError(_("Plan holidays that are not over yet, within the coming two years."))
    if len(over) + len(wanted) > MOST_HOLIDAYS:
        raise CardError(_("Plan at most %(most)s holidays.") % {"most": MOST_HOLIDAYS})
    trainer.holidays = [*over, *wanted]
    _make_room(trainer, zone, today=today)
    reminder_plan(trainer=trainer, zone=zone, after=now)
    trainer.save(update_fields=["holidays", "next_reminder_at"])
    return trainer


@transaction.atomic
def holiday_plan(*, person_id: int, first: date, last: date) -> Trainer:
    """One more, as ``holidays_save`` does; another window may plan at the same moment."""
    planned = trainer_lock(person_id=person_id).holidays
    return holidays_save(person_id=person_id, holidays=[*planned, [first, last]])


@transaction.atomic
def holiday_forget(*, person_id: int, first: str) -> Trainer:
    """Without the one that begins on this day (as ISO writes it), if there is one."""
    planned = trainer_lock(person_id=person_id).holidays
    return holidays_save(person_id=person_id, holidays=[one for one in planned if one[0].isoformat() != first])


def _make_room(trainer: Trainer, zone: ZoneInfo, *, today: date) -> None:
    """Move cards out of the holidays, to the least full of the days that are as good; what has no such day waits."""
    due = Card.objects.filter(person_id=trainer.person_id, suspended_at=None)
    load = Counter(max(today, day_of(moment, zone=zone)) for moment in due.values_list("due_at", flat=True))
    for first, last in trainer.holidays:
        begin, end = (start_of_day(day, zone=zone) for day in (max(first, today), last + timedelta(days=1)))
        rows = due.filter(due_at__gte=begin, due_at__lt=end, reviews__gt=0).order_by("due_at", "pk")
        cards = list(rows.only("source_id", "due_at", "last_reviewed_at", "question_id", "reviews")[:MOST_MOVED])
        ways = ways_of(trainer=trainer, source_ids={card.source_id for card in cards if card.source_id})
        for card in cards:
            if ways.of(card.source_id).mode is Mode.STREAK:  # its days are as told
                continue
            answered_on, has = day_of(card.last_reviewed_at, zone=zone), day_of(card.due_at, zone=zone)
            days = balanced(
                (has - answered_on).days,
                today=answered_on,
                load=load,
                weekdays=trainer.weekdays,
                easy_days=trainer.easy_days,
                seed=card.question_id,
                off=lambda day: day < today or trainer.back_on(day) != day,
            )
            moved = answered_on + timedelta(days=days)
            if trainer.back_on(moved) == moved and moved >= today:
                load[has] -= 1
                load[moved] += 1
                at = due_after(card.last_reviewed_at, days=days, zone=zone)
                Card.objects.filter(pk=card.pk, person_id=card.person_id).update(due_at=at)
