"""Celery: one service called. Each person is reminded in a scope of their environment."""

from celery import shared_task


@shared_task(name="memotrainer.remind")
def remind() -> int:
    from memotrainer.services import trainer_remind  # noqa: PLC0415 -- tasks are below services

    return trainer_remind()
