"""Celery: ids in, one service called. Each letter opens its own scopes, so one bad letter stops no other."""

from celery import shared_task


@shared_task(name="notifications.send_mail")
def send_mail(*, environment_id: int, mail_id: int) -> bool:
    from notifications.services import mail_send  # noqa: PLC0415 -- tasks are below services

    return mail_send(environment_id=environment_id, mail_id=mail_id)


@shared_task(name="notifications.send_due_mail")
def send_due_mail() -> int:
    from notifications.services import mail_send_due  # noqa: PLC0415 -- tasks are below services

    return mail_send_due()


@shared_task(name="notifications.send_push")
def send_push(*, environment_id: int, push_id: int) -> bool:
    from notifications.services import push_send_one  # noqa: PLC0415 -- tasks are below services

    return push_send_one(environment_id=environment_id, push_id=push_id)


@shared_task(name="notifications.send_due_push")
def send_due_push() -> int:
    from notifications.services import push_send_due  # noqa: PLC0415 -- tasks are below services

    return push_send_due()


@shared_task(name="notifications.send_digests")
def send_digests() -> int:
    from notifications.services import digests_send  # noqa: PLC0415 -- tasks are below services

    return digests_send()


@shared_task(name="notifications.prune")
def prune() -> int:
    from notifications.services import notifications_prune  # noqa: PLC0415 -- tasks are below services

    return notifications_prune()


@shared_task(name="notifications.remind_delegations")
def remind_delegations() -> int:
    from notifications.services import delegation_remind  # noqa: PLC0415 -- tasks are below services

    return delegation_remind()
