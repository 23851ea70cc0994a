"""Celery: what is due is a row; these only look. Each piece of work is done in a scope of its environment."""

from celery import shared_task


@shared_task(name="handins.forget_uploads")
def forget_uploads() -> int:
    """Files that were begun and never finished, in whichever environment."""
    from handins.services.uploading import uploads_abandoned, uploads_abandoned_remove  # noqa: PLC0415 -- tasks are below services

    return sum(uploads_abandoned_remove(environment_id=environment_id) for environment_id in uploads_abandoned())


@shared_task(name="handins.look_at_peers")
def look_at_peers() -> int:
    """Peer reviews that are to be opened, reminded of or closed, in whichever environment."""
    from handins.services.peers import peers_done, peers_due  # noqa: PLC0415 -- tasks are below services

    return sum(peers_done(environment_id=place, phase_id=pk, what=what) for place, pk, what in peers_due())
