"""Celery: offers that run out, and sessions to remind of, are rows; these only look."""

from celery import shared_task


@shared_task(name="events.look_at_offers")
def look_at_offers() -> int:
    from events.services import offers_waiting  # noqa: PLC0415 -- tasks are below services

    environments = offers_waiting()
    for environment_id in environments:
        end_offers.apply_async(kwargs={"environment_id": environment_id}, queue="default")
    return len(environments)


@shared_task(name="events.end_offers")
def end_offers(*, environment_id: int) -> int:
    from events.services import offers_end  # noqa: PLC0415 -- tasks are below services

    return offers_end(environment_id=environment_id)


@shared_task(name="events.look_at_reminders")
def look_at_reminders() -> int:
    from events.services import reminders_waiting  # noqa: PLC0415 -- tasks are below services

    environments = reminders_waiting()
    for environment_id in environments:
        remind.apply_async(kwargs={"environment_id": environment_id}, queue="default")
    return len(environments)


@shared_task(name="events.remind")
def remind(*, environment_id: int) -> int:
    from events.services import reminders_send  # noqa: PLC0415 -- tasks are below services

    return reminders_send(environment_id=environment_id)


@shared_task(name="events.look_at_settling")
def look_at_settling() -> int:
    from events.services import settling_waits  # noqa: PLC0415 -- tasks are below services

    environments = settling_waits()
    for environment_id in environments:
        settle.apply_async(kwargs={"environment_id": environment_id}, queue="default")
    return len(environments)


@shared_task(name="events.settle")
def settle(*, environment_id: int) -> int:
    from events.services import events_settle  # noqa: PLC0415 -- tasks are below services

    return events_settle(environment_id=environment_id)
