"""What Django and allauth tell us and no service does: changed environments, sign-ins, changed ways to sign in."""

import re
import secrets
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.http import HttpRequest

from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, Host, Person, SignInMethod
from ecosystem.scope import current_scope, scope_is_open
from ecosystem.services.sign_ins import factor_was_changed, password_was_changed, sign_in_begin, sign_ins_end
from ecosystem.setting_kinds import setting_kinds, setting_of
from ecosystem.ways_in import way_of

SESSION_ENVIRONMENT = "environment"
SESSION_VIEWING = "view_as"
SESSION_SIGN_IN = "sign_in"
DEVICE_TOKEN = re.compile(r"[0-9a-f]{32}")


@receiver([post_save, post_delete], sender=Environment)
@receiver([post_save, post_delete], sender=Host)
def _forget(**_: Any) -> None:
    forget_hosts()


@receiver(user_logged_in)
def _bind_session(request: HttpRequest, user: Person, **_: Any) -> None:
    """A session is good on the environment it was made on, and nowhere else, and only as long as its sign-in lasts."""
    environment = getattr(request, "environment", None)
    if environment is None:  # the test client signs in without one
        return
    request.session[SESSION_ENVIRONMENT] = environment.pk
    days = setting_of(environment, "session_days")
    if days != setting_kinds["session_days"].default:
        request.session.set_expiry(days * 24 * 3600)
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    if not DEVICE_TOKEN.fullmatch(token):
        token = secrets.token_hex(16)
    request.new_device = token  # type: ignore[attr-defined]  # ScopeMiddleware sets the cookie
    row = sign_in_begin(
        person=user,
        method=_method(request, user),
        user_agent=request.headers.get("User-Agent", ""),
        device_token=token,
    )
    request.session[SESSION_SIGN_IN] = row.pk


def _method(request: HttpRequest, user: Person) -> str:
    """What the sign-in began with; the second factor after it is not the method."""
    records = get_authentication_records(request, user)
    if not records:
        return SignInMethod.INVITATION
    return way_of(records[0])


@receiver(user_logged_out)
def _end_sign_in(request: HttpRequest, user: Person | None, **_: Any) -> None:
    sign_in = request.session.get(SESSION_SIGN_IN)
    if user is not None and sign_in is not None and scope_is_open():
        sign_ins_end(person=user, only=sign_in)


@receiver([password_changed, password_set, password_reset])
def _password(request: HttpRequest, user: Person, **_: Any) -> None:
    current = request.session.get(SESSION_SIGN_IN) if request.user.is_authenticated else None
    password_was_changed(person=user, but=current)


@receiver(post_save, sender=Authenticator)
def _factor_added(instance: Authenticator, created: bool, **_: Any) -> None:  # noqa: FBT001 -- Django's signature
    if created:
        _factor(instance, added=True)


@receiver(authenticator_added)
def _passkey_host(request: HttpRequest, authenticator: Authenticator, **_: Any) -> None:
    """A passkey works on the host it was made on alone; which that is decides whether it is somebody's last way in."""
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        authenticator.data["host"] = request.get_host().split(":")[0].lower()
        authenticator.save(update_fields=["data"])


@receiver(post_delete, sender=Authenticator)
def _factor_removed(instance: Authenticator, **_: Any) -> None:
    _factor(instance, added=False)


def _factor(instance: Authenticator, *, added: bool) -> None:
    if scope_is_open():
        by_self = current_scope().person_id == instance.user_id
        factor_was_changed(person=instance.user, factor=instance.type, added=added, by_self=by_self)
