"""What Django tells us and no service does: changed environments, sign-ins."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, Host

SESSION_ENVIRONMENT = "environment"
SESSION_VIEWING = "view_as"


@receiver([post_save, post_delete], sender=Environment)
@receiver([post_save, post_delete], sender=Host)
def _forget(**_: Any) -> None:
    forget_hosts()


@receiver(user_logged_in)
def _bind_session(request: HttpRequest, **_: Any) -> None:
    """A session is good on the environment it was made on, and nowhere else."""
    environment = getattr(request, "environment", None)
    if environment is not None:  # the test client signs in without one
        request.session[SESSION_ENVIRONMENT] = environment.pk
