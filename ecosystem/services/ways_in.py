"""Nobody is locked out: neither the administrators, by switching ways to sign in off, nor somebody by removing a passkey."""

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import (
    Environment,
    EnvironmentAncestor,
    Host,
    IdentityProvider,
    Membership,
    Person,
    Role,
    SignIn,
    SignInMethod,
)
from ecosystem.scope import current_scope, open_scope, own_rows
from ecosystem.ways_in import is_offered


def refuse_lock_out(*, ways: Mapping[int, list[str]]) -> None:
    """Refuse what would leave an environment (id -> ways it would offer) whose administrators cannot come in.

    One who can is enough: everybody by code, who has a password by password, and by passkey or the account of the
    organisation who has come in there like that before. Environments without an administrator of their own are
    looked after from above.
    """
    scope = current_scope()
    with open_scope(environment_id=scope.environment_id, person_id=scope.person_id, readable=tuple(ways)):
        used = SignIn.objects.filter(person_id=OuterRef("person_id"), environment_id=OuterRef("environment_id"))
        factors = Authenticator.objects.filter(user_id=OuterRef("person_id"), type=Authenticator.Type.WEBAUTHN)
        admins = Membership.objects.filter(environment_id__in=list(ways), ended_at=None, roles__contains=[Role.ADMIN])
        rows = admins.select_related("person").annotate(
            by_passkey=Exists(used.filter(method=SignInMethod.PASSKEY)) & Exists(factors),
            by_organisation=Exists(used.filter(method=SignInMethod.ORGANISATION)),
        )
        open_to: dict[int, set[str]] = {}
        for row in rows:
            open_to.setdefault(row.environment_id, set()).update(_ways_of(row))
        switched_on = set(IdentityProvider.objects.filter(is_on=True).values_list("environment_id", flat=True))
    for environment_id, able in open_to.items():
        if environment_id not in switched_on:
            able.discard(SignInMethod.ORGANISATION)
        if not able & set(ways[environment_id]):
            name = Environment.objects.values_list("name", flat=True).get(pk=environment_id)
            raise EcosystemError(
                _(
                    "No administrator of %(name)s could sign in any more. Keep a way that one of them has used there,"
                    " or the code by e-mail."
                )
                % {"name": name}
            )


def _ways_of(row: Membership) -> set[str]:
    found: set[str] = {SignInMethod.CODE}
    if row.person.has_usable_password():
        found.add(SignInMethod.PASSWORD)
    if row.by_passkey:  # type: ignore[attr-defined]
        found.add(SignInMethod.PASSKEY)
    if row.by_organisation:  # type: ignore[attr-defined]
        found.add(SignInMethod.ORGANISATION)
    return found


def refuse_last_passkey(*, passkey: Authenticator, person: Person) -> None:
    """Refuse to remove the passkey without which ``person`` could not come in somewhere they belong, or here.

    What counts: a code by mail, a password they have, the organisation's account they have used there, another passkey
    for that host (one from before hosts were kept may be for any).
    """
    scope = current_scope()
    with own_rows():
        places = {
            scope.environment_id,
            *Membership.objects.filter(ended_at=None).values_list("environment_id", flat=True),
        }
    rows = Environment.objects.filter(pk__in=places, archived_at=None).order_by("pk")
    bound = [row for row in rows if is_offered(row, SignInMethod.PASSKEY) and not _otherwise(row, person)]
    hosts: dict[str, int] = dict(Host.objects.filter(environment__in=bound).values_list("name", "environment_id"))
    factors = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.WEBAUTHN)
    left = {_place(row, hosts) for row in factors.exclude(pk=passkey.pk)}
    for row in bound:
        if _place(passkey, hosts) in {None, row.pk} and not left & {None, row.pk}:
            raise EcosystemError(
                _("Without this passkey you could not sign in at %(name)s any more. Add another one there first.")
                % {"name": row.name}
            )


def _place(passkey: Authenticator, hosts: Mapping[str, int]) -> int | None:
    """The environment whose host it is for; None when that is not known, 0 when it is none of these."""
    host = passkey.data.get("host")
    return hosts.get(host, 0) if host else None


def _otherwise(environment: Environment, person: Person) -> bool:
    """Whether the person can come in without a passkey."""
    if is_offered(environment, SignInMethod.CODE):
        return True
    if is_offered(environment, SignInMethod.PASSWORD) and person.has_usable_password():
        return True
    if not is_offered(environment, SignInMethod.ORGANISATION):
        return False
    chain = EnvironmentAncestor.objects.filter(environment=environment)
    places = tuple(chain.values_list("ancestor_id", flat=True))
    scope = current_scope()
    with open_scope(environment_id=scope.environment_id, person_id=scope.person_id, readable=places):
        used = SignIn.objects.filter(
            environment_id=environment.pk, person_id=person.pk, method=SignInMethod.ORGANISATION
        )
        return used.exists() and IdentityProvider.objects.filter(environment_id__in=places, is_on=True).exists()
