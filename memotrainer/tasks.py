"""Celery: one service called. Each person is reminded, and each environment fitted, in a scope of their own."""

from celery import shared_task

from ecosystem.scope import open_scope


@shared_task(name="memotrainer.remind")
def remind() -> int:
    from memotrainer.services import trainer_remind  # noqa: PLC0415 -- tasks are below services

    return trainer_remind()


@shared_task(name="memotrainer.ensure_partitions")
def ensure_partitions() -> None:
    from memotrainer.services import partitions_ensure  # noqa: PLC0415 -- tasks are below services

    partitions_ensure()


@shared_task(name="memotrainer.fit")
def fit() -> int:
    """Daily: one task for each environment, on the queue for which hours are fine."""
    from memotrainer.services import environments_with_cards  # noqa: PLC0415 -- tasks are below services

    places = environments_with_cards()
    for environment_id in places:
        fit_environment.apply_async(kwargs={"environment_id": environment_id}, queue="bulk")
    return len(places)


@shared_task(name="memotrainer.fit_environment")
def fit_environment(*, environment_id: int) -> int:
    from memotrainer.services import environment_fit, people_catch_up  # noqa: PLC0415 -- tasks are below services

    fits = environment_fit(environment_id=environment_id)
    people_catch_up(environment_id=environment_id)  # also whom a killed worker left behind
    return fits


@shared_task(name="memotrainer.look_again")
def look_again(*, environment_id: int, goal_id: int) -> int:
    from memotrainer.services import goal_look_again  # noqa: PLC0415 -- tasks are below services

    return goal_look_again(environment_id=environment_id, goal_id=goal_id)


@shared_task(name="memotrainer.reschedule_course")
def reschedule_course(*, environment_id: int, course_id: int) -> int:
    from memotrainer.services import course_cards_reschedule  # noqa: PLC0415 -- tasks are below services

    with open_scope(environment_id=environment_id):
        return course_cards_reschedule(course_id=course_id)
