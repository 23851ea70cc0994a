"""Celery: ids in, one service called. Each opens the scopes of its rows itself, so one bad row stops no other."""

from celery import shared_task


@shared_task(name="ecosystem.send_due_invitations")
def send_due_invitations() -> int:
    from ecosystem.services.invitation_mail import invitations_send_due  # noqa: PLC0415 -- tasks are below services

    return invitations_send_due()
