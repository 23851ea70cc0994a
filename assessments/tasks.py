"""Celery: what is due is a row; these only look. Each piece of work is done in a scope of its environment."""

from celery import shared_task


@shared_task(name="assessments.finish_overdue")
def finish_overdue() -> int:
    """Attempts whose time is up, in whichever environment."""
    from assessments.services.finishing import attempts_finish_due, attempts_overdue  # noqa: PLC0415 -- tasks are below services

    return sum(attempts_finish_due(environment_id=environment_id) for environment_id in attempts_overdue())


@shared_task(name="assessments.analyse")
def analyse() -> int:
    """Figures of quizzes that somebody has finished since they were last computed."""
    from assessments.services.analysing import analyses_run_due  # noqa: PLC0415 -- tasks are below services

    return analyses_run_due()
