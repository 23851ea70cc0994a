"""The sign-in of an organisation: kept by its administrators, tested before it is offered."""

from typing import Any
from urllib.parse import urlsplit

import requests
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import EnvironmentAncestor, IdentityProvider, Membership, Person, Role
from ecosystem.outbound import GuardedSession
from ecosystem.saml import certificate_read
from ecosystem.scope import current_scope, open_scope, own_rows
from ecosystem.sealing import seal
from ecosystem.services.audit import audit
from ecosystem.services.people import member_add
from ecosystem.services.ways_in import refuse_lock_out
from ecosystem.setting_kinds import setting_here
from ecosystem.ways_in import SETTING

FIELDS = ("protocol", "name", "issuer", "client_id", "sso_url", "certificate", "is_on", "admits_new")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")


@transaction.atomic
def identity_provider_save(
    *, by: Membership, secret: str, provider: IdentityProvider | None = None, **facts: Any
) -> IdentityProvider:
    """Make or change one. An empty ``secret`` keeps the one there is, unless the issuer becomes another."""
    _refuse(by)
    row = provider or IdentityProvider(environment_id=current_scope().environment_id)
    before = {name: getattr(row, name) for name in FIELDS} if row.pk else {}
    facts = _checked(
        row, {"protocol": "oidc", "client_id": "", "sso_url": "", "certificate": "", **facts}, secret=secret
    )
    for name in FIELDS:
        setattr(row, name, facts[name])
    if secret:
        row.sealed_secret = seal(secret)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise EcosystemError(_("There is one with this name already.")) from error
    if not row.is_on:
        _refuse_lock_out()
    after = {name: getattr(row, name) for name in FIELDS} | ({"secret": "new"} if secret else {})
    audit(act="identity_provider.saved", by=by.person, target=row, before=before, after=after)
    return row


@transaction.atomic
def identity_provider_remove(*, provider: IdentityProvider, by: Membership) -> None:
    _refuse(by)
    audit(act="identity_provider.removed", by=by.person, target=provider)
    provider.delete()
    _refuse_lock_out()


def _checked(row: IdentityProvider, facts: dict[str, Any], *, secret: str) -> dict[str, Any]:
    """What the protocol needs, in the form it needs it."""
    if row.pk and facts["protocol"] != row.protocol:
        raise EcosystemError(_("Another protocol is another sign-in: make a new one."))
    if facts["protocol"] == IdentityProvider.Protocol.SAML:
        if not facts["sso_url"]:
            raise EcosystemError(_("Where do people sign in? Enter the address that your provider names."))
        return {**facts, "certificate": certificate_read(facts["certificate"])}
    if row.pk and facts["issuer"] != row.issuer and not secret:
        raise EcosystemError(_("Another issuer needs its own secret."))
    return facts


def _refuse_lock_out() -> None:
    refuse_lock_out(ways={current_scope().environment_id: setting_here(SETTING)})


def _refuse(by: Membership) -> None:
    if not by.has_role(Role.ADMIN) or by.environment_id != current_scope().environment_id:
        raise EcosystemError(_("Only an administrator can change this."))


def identity_provider_test(*, provider: IdentityProvider, by: Membership) -> None:
    """Ask the issuer who it is and for its keys; refuses with a sentence that says what is wrong.

    A SAML server is not asked, it only answers browsers: its certificate is looked at.
    """
    _refuse(by)
    if provider.protocol == IdentityProvider.Protocol.SAML:
        certificate_read(provider.certificate)
        return
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    try:
        with GuardedSession() as session:
            answer = session.get(address)
            answer.raise_for_status()
            found = answer.json()
            if not isinstance(found, dict) or str(found.get("issuer", "")).rstrip("/") != provider.issuer.rstrip("/"):
                raise EcosystemError(_("The server answers, but calls itself another issuer."))
            if missing := [name for name in ENDPOINTS if not urlsplit(str(found.get(name, ""))).netloc]:
                raise EcosystemError(_("The server does not say its %(names)s.") % {"names": ", ".join(missing)})
            keys = session.get(found["jwks_uri"])
            keys.raise_for_status()
            if not keys.json().get("keys"):
                raise EcosystemError(_("The server shows no keys."))
    except (requests.RequestException, ValueError, AttributeError):
        raise EcosystemError(
            _("Nothing that speaks OpenID Connect answers there, or not on a public address.")
        ) from None


def person_of_identity(*, provider: IdentityProvider, email: str, name: str) -> Person | None:
    """Who signs in with this verified address: a member, or a new learner if the provider lets them in.

    Somebody who exists is never made a member this way: only an invitation, answered with their own sign-in, does that.
    """
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is not None:
        is_member = Membership.objects.filter(person_id=person.pk, ended_at=None).exists()
        return person if is_member else None
    if not provider.admits_new:
        return None
    row = member_add(email=email, name=name.strip()[:120] or email.partition("@")[0])
    audit(act="member.admitted", by=None, target=row, after={"provider": provider.name})
    return row.person


def is_known_beyond(*, person: Person) -> bool:
    """Has the person rows in an environment that is neither this one nor below it?

    An organisation vouches for its own people. Whoever belongs elsewhere too must show who they are themselves:
    otherwise the administrators of one organisation could read, as that person, what another holds.
    """
    here = current_scope().environment_id
    with open_scope(environment_id=here, person_id=person.pk), own_rows():
        places = set(Membership.objects.values_list("environment_id", flat=True)) - {here}
    if not places:
        return False
    below = EnvironmentAncestor.objects.filter(ancestor_id=here).values_list("environment_id", flat=True)
    return bool(places - set(below))
