"""Tokens: given once, stored as a hash."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from api.exceptions import ApiError
from api.models import Token, hash_token, new_token
from api.scopes import SCOPES
from ecosystem.models import Membership, Person
from ecosystem.rules import is_admin
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit

LONGEST = timedelta(days=366)
MOST = 20


@transaction.atomic
def token_create(
    *, person: Person, name: str, scopes: Iterable[str] = ("read",), valid_for: timedelta = timedelta(days=90)
) -> tuple[Token, str]:
    """A new token for a member of the open scope. The secret is in the answer and nowhere else.

    Refuses scopes that do not exist, more than a year, and more than 20 tokens that still work.
    """
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise ApiError(_("Choose at least one of the things that a token may do."))
    now = timezone.now()
    if not timedelta(0) < valid_for <= LONGEST:
        raise ApiError(_("A token works for at most a year."))
    # The lock makes two requests at once count each other's token.
    Membership.objects.select_for_update().get(person=person)
    if Token.objects.filter(person=person, revoked_at=None, expires_at__gt=now).count() >= MOST:
        raise ApiError(_("You have %(most)s tokens already. Revoke one that you no longer use.") % {"most": MOST})
    secret = new_token()
    token = Token.objects.create(
        environment_id=current_scope().environment_id,
        person=person,
        name=name,
        digest=hash_token(secret),
        scopes=wanted,
        expires_at=now + valid_for,
    )
    audit(
        act="token.created",
        by=person,
        target=token,
        after={"person": person.pk, "scopes": wanted, "expires_at": token.expires_at},
    )
    return token, secret


@transaction.atomic
def token_revoke(*, token: Token, by: Membership) -> None:
    """From this moment the token lets nobody in; again changes nothing.

    Only the person it acts for and administrators may.
    """
    if token.person_id != by.person_id and not is_admin(by):
        raise ApiError(_("Only an administrator can revoke the token of somebody else."))
    now = timezone.now()
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        audit(act="token.revoked", by=by.person, target=token, after={"person": token.person_id, "revoked_at": now})
