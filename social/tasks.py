"""Celery: one service called, which opens the scopes."""

from celery import shared_task


@shared_task(name="social.judge_anew")
def judge_anew(*, environment_id: int, element_id: int) -> int:
    from social.services import parts_judge  # noqa: PLC0415 -- tasks are below services

    return parts_judge(environment_id=environment_id, element_id=element_id)
