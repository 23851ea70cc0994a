"""Celery: one service called. Each opens the scopes of its rows itself, so one bad row stops no other."""

from celery import shared_task


@shared_task(name="courses.move_learners")
def move_learners() -> int:
    from courses.services.version_moves import moves_run_due  # noqa: PLC0415 -- tasks are below services

    return moves_run_due()
