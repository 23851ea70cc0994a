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


@shared_task(name="assessments.run_imports")
def run_imports() -> int:
    """Files of questions that are to be looked at or brought in, in whichever environment."""
    from assessments.services.bank_imports import imports_run_due  # noqa: PLC0415 -- tasks are below services

    return imports_run_due()


@shared_task(name="assessments.feedback")
def feedback() -> int:
    """Reminders and ends of 360-degree feedback, in whichever environment."""
    from assessments.services.feedback import feedback_run_due  # noqa: PLC0415 -- tasks are below services

    return feedback_run_due()
