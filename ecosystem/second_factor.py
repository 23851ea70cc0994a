"""Who must have a second factor here, and who has one. A setting of the environment says so; nothing remembers it."""

from allauth.mfa.models import Authenticator

from ecosystem.models import Environment, Membership
from ecosystem.powers import administers
from ecosystem.setting_kinds import setting_of

KEY = "second_factor"
NOBODY, ADMINISTRATORS, EVERYBODY = "nobody", "administrators", "everybody"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing(*, environment: Environment, membership: Membership) -> bool:
    """Must this person set up a second factor before anything else? No query where nobody must."""
    wanted = setting_of(environment, KEY)
    if wanted not in {ADMINISTRATORS, EVERYBODY}:
        return False
    if wanted == ADMINISTRATORS and not administers(membership):
        return False
    return not Authenticator.objects.filter(user_id=membership.person_id, type__in=FACTORS).exists()
