"""Celery: ids in, one service called."""

from celery import shared_task


@shared_task(name="content.check_link")
def check_link(*, environment_id: int, link_id: int) -> bool:
    from content.services import link_check  # noqa: PLC0415 -- tasks are below services

    return link_check(environment_id=environment_id, link_id=link_id)


@shared_task(name="content.check_links")
def check_links() -> int:
    from content.services import links_check_due  # noqa: PLC0415 -- tasks are below services

    return links_check_due()
