"""Celery: ids in, one service called. Each opens the scopes of its rows itself, so one bad row stops no other."""

from celery import shared_task


@shared_task(name="ecosystem.send_due_invitations")
def send_due_invitations() -> int:
    from ecosystem.services.invitation_mail import invitations_send_due  # noqa: PLC0415 -- tasks are below services

    return invitations_send_due()


@shared_task(name="ecosystem.make_exports")
def make_exports() -> int:
    from ecosystem.services.exports import data_exports_run_due  # noqa: PLC0415 -- tasks are below services

    return data_exports_run_due()


@shared_task(name="ecosystem.erase_due")
def erase_due() -> int:
    from ecosystem.services.erasure import erasures_run_due  # noqa: PLC0415 -- tasks are below services

    return erasures_run_due()


@shared_task(name="ecosystem.make_environment_exports")
def make_environment_exports() -> int:
    from ecosystem.services.environment_exports import environment_exports_run_due  # noqa: PLC0415 -- tasks are below services

    return environment_exports_run_due()


@shared_task(name="ecosystem.remove_environments")
def remove_environments() -> int:
    from ecosystem.services.environment_removal import environments_remove_due  # noqa: PLC0415 -- tasks are below services

    return environments_remove_due()


@shared_task(name="ecosystem.send_account_letters")
def send_account_letters() -> int:
    from ecosystem.services.account_letters import account_letters_send_due  # noqa: PLC0415 -- tasks are below services

    return account_letters_send_due()


@shared_task(name="ecosystem.forget_old")
def forget_old() -> int:
    from ecosystem.services.retention import forget_old as run  # noqa: PLC0415 -- tasks are below services

    return run()


@shared_task(name="ecosystem.remove_orphans")
def remove_orphans() -> int:
    from ecosystem.services.orphans import files_orphaned_remove  # noqa: PLC0415 -- tasks are below services

    return files_orphaned_remove()
