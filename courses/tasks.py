"""Celery: what is due is a row; these only look. Each batch is done in a scope of its environment."""

from celery import shared_task

# How many workers may share what is due in one environment.
WORKERS = 4
WORTH_ANOTHER = 2000  # rows


@shared_task(name="courses.wake")
def wake() -> int:
    from courses.services.waking import wakes_waiting  # noqa: PLC0415 -- tasks are below services

    waiting = wakes_waiting()
    for environment_id, count in waiting.items():
        for _worker in range(min(WORKERS, 1 + count // WORTH_ANOTHER)):
            open_due.apply_async(kwargs={"environment_id": environment_id}, queue="default")
    return sum(waiting.values())


@shared_task(name="courses.open_due")
def open_due(*, environment_id: int) -> int:
    from courses.services.waking import wakes_drain  # noqa: PLC0415 -- tasks are below services

    return wakes_drain(environment_id=environment_id)


@shared_task(name="courses.move_learners")
def move_learners() -> int:
    from courses.services.version_moves import moves_run_due  # noqa: PLC0415 -- tasks are below services

    return moves_run_due()


@shared_task(name="courses.tally_run")
def tally_run(*, environment_id: int, run_id: int) -> int:
    from courses.services.run_tallying import run_tally_all  # noqa: PLC0415 -- tasks are below services

    return run_tally_all(environment_id=environment_id, run_id=run_id)
