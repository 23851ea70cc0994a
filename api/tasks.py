"""Celery: ids in, one service called. Each message opens its own scopes, so one bad endpoint stops no other."""

from celery import shared_task


@shared_task(name="api.post_webhooks")
def post_webhooks(*, environment_id: int, delivery_ids: list[int]) -> int:
    from api.services.posting import deliveries_post_at_once  # noqa: PLC0415 -- tasks are below services

    return deliveries_post_at_once(environment_id=environment_id, delivery_ids=delivery_ids)


@shared_task(name="api.post_due_webhooks")
def post_due_webhooks() -> int:
    from api.services.posting import deliveries_due_post  # noqa: PLC0415 -- tasks are below services

    return deliveries_due_post()


@shared_task(name="api.forget_old")
def forget_old() -> int:
    from api.services.forgetting import old_forget  # noqa: PLC0415 -- tasks are below services

    return old_forget()
