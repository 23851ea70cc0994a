"""Celery: ids in, one service called. Each delivery opens its own scope, so one bad row stops no other."""

from celery import shared_task


@shared_task(name="records.deliver")
def deliver(*, environment_id: int, delivery_ids: list[int]) -> int:
    from records.services.delivering import delivery_run  # noqa: PLC0415 -- tasks are below services

    return sum(delivery_run(environment_id=environment_id, delivery_id=pk) for pk in delivery_ids)


@shared_task(name="records.sweep")
def sweep() -> int:
    from records.services.delivering import deliveries_overdue  # noqa: PLC0415 -- tasks are below services

    overdue = deliveries_overdue()
    for (environment_id, queue), ids in overdue.items():
        deliver.apply_async(kwargs={"environment_id": environment_id, "delivery_ids": ids}, queue=queue)
    return sum(map(len, overdue.values()))


@shared_task(name="records.ensure_partitions")
def ensure_partitions() -> None:
    from records.services.delivering import partitions_ensure  # noqa: PLC0415 -- tasks are below services

    partitions_ensure()
