"""Which ways to sign in an environment offers, and which way a sign-in took."""

from typing import Any

from ecosystem.models import Environment, SignInMethod
from ecosystem.setting_kinds import setting_here, setting_of

SETTING = "sign_in_methods"
# What allauth calls the first thing that somebody showed.
WAYS = {"code": SignInMethod.CODE, "mfa": SignInMethod.PASSKEY, "socialaccount": SignInMethod.ORGANISATION}


def way_of(record: dict[str, Any]) -> SignInMethod:
    """The way that a record of allauth's (``get_authentication_records``) stands for."""
    return WAYS.get(record["method"], SignInMethod.PASSWORD)


def is_offered(environment: Environment, way: str) -> bool:
    """As the environment was when it was read: a request's may be a few seconds old."""
    return way in setting_of(environment, SETTING)


def is_accepted(way: str) -> bool:
    """As it is in the database now, in the open scope's environment."""
    return way in setting_here(SETTING)
