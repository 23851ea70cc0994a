"""Ways to sign in are switched off only as long as an administrator can still come in."""

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment, IdentityProvider, Membership, Role, SignIn, SignInMethod
from ecosystem.scope import current_scope, open_scope


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
