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


@shared_task(name="notifications.remind_delegations")
def remind_delegations() -> int:
    from notifications.services import delegation_remind  # noqa: PLC0415 -- tasks are below services

    return delegation_remind()
