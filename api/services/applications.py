"""Software that people let in: registering it, and letting it go."""

from collections.abc import Iterable
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from oauth2_provider.generators import generate_client_secret

from api.exceptions import ApiError
from api.models import OAuthAccessToken, OAuthApplication, OAuthRefreshToken
from api.scopes import SCOPES
from ecosystem.models import Membership, Person
from ecosystem.rules import is_admin
from ecosystem.services.audit import audit

REFRESHABLE = timedelta(seconds=settings.OAUTH2_PROVIDER["REFRESH_TOKEN_EXPIRE_SECONDS"])
# What a form offers -> (client type, grant type).
KINDS = {
    "server": (OAuthApplication.CLIENT_CONFIDENTIAL, OAuthApplication.GRANT_AUTHORIZATION_CODE),
    "device": (OAuthApplication.CLIENT_PUBLIC, OAuthApplication.GRANT_AUTHORIZATION_CODE),
    "machine": (OAuthApplication.CLIENT_CONFIDENTIAL, OAuthApplication.GRANT_CLIENT_CREDENTIALS),
}


@transaction.atomic
def application_create(
    *, name: str, kind: str, scopes: Iterable[str], redirect_uris: Iterable[str] = (), by: Membership
) -> tuple[OAuthApplication, str]:
    """Register an application; its secret (empty for a device) is in the answer and nowhere else.

    ``server`` and ``device`` ask people on a page and come back to one of ``redirect_uris`` (https, or http on the
    device itself); ``machine`` acts as whoever registers it. Administrators only.
    """
    if not is_admin(by):
        raise ApiError(_("Only an administrator can register applications."))
    wanted, back = sorted(set(scopes)), list(redirect_uris)
    if kind not in KINDS or not wanted or not set(wanted) <= set(SCOPES):
        raise ApiError(_("Choose what the application is and what it may do."))
    if kind != "machine":
        _check(back)
    client_type, grant = KINDS[kind]
    secret = "" if kind == "device" else generate_client_secret()
    application = OAuthApplication(
        environment_id=by.environment_id,
        name=name,
        user=by.person,
        may=wanted,
        client_type=client_type,
        authorization_grant_type=grant,
        redirect_uris=" ".join(back) if kind != "machine" else "",
        client_secret=secret,
    )
    try:
        application.clean()
    except ValidationError as error:
        raise ApiError(" ".join(error.messages)) from error
    application.save()
    audit(
        act="application.created",
        by=by.person,
        target=application,
        after={"kind": kind, "scopes": wanted, "redirect_uris": back},
    )
    return application, secret


def _check(addresses: list[str]) -> None:
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme == "https" and parts.hostname:
            continue
        if parts.scheme == "http" and parts.hostname and _is_here(parts.hostname):
            continue
        raise ApiError(_("“%(address)s” must begin with https://.") % {"address": address})
    if not addresses:
        raise ApiError(_("Say where people come back to."))


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def applications_of(*, person: Person) -> QuerySet[OAuthApplication]:
    """Those that the person has let in and that can still come back."""
    now = timezone.now()
    refresh = OAuthRefreshToken.objects.filter(user=person, revoked=None, created__gt=now - REFRESHABLE)
    access = OAuthAccessToken.objects.filter(user=person, expires__gt=now)
    either = Q(pk__in=refresh.values("application")) | Q(pk__in=access.values("application"))
    return OAuthApplication.objects.filter(either).order_by("name", "pk")


@transaction.atomic
def application_leave(*, application: OAuthApplication, by: Membership) -> None:
    """The person takes back what they gave it; again changes nothing."""
    tokens = OAuthAccessToken.objects.filter(user=by.person, application=application).delete()
    refresh = OAuthRefreshToken.objects.filter(user=by.person, application=application, revoked=None)
    if refresh.update(revoked=timezone.now()) or tokens[0]:
        audit(act="application.left", by=by.person, target=application)


@transaction.atomic
def application_delete(*, application: OAuthApplication, by: Membership) -> None:
    """Gone, with every token that people gave it. Administrators only."""
    if not is_admin(by):
        raise ApiError(_("Only an administrator can remove applications."))
    audit(act="application.deleted", by=by.person, target=application, before={"scopes": application.may})
    application.delete()
