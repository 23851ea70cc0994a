"""Tokens: given once, stored as a hash."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from api.models import Token, hash_token, new_token
from ecosystem.models import Person
from ecosystem.scope import current_scope


def token_create(
    *, person: Person, name: str, scopes: Iterable[str] = ("read",), valid_for: timedelta = timedelta(days=90)
) -> tuple[Token, str]:
    """A new token for a member of the open scope. The secret is in the answer and nowhere else."""
    secret = new_token()
    token = Token.objects.create(
        environment_id=current_scope().environment_id,
        person=person,
        name=name,
        digest=hash_token(secret),
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + valid_for,
    )
    return token, secret


def token_revoke(*, token: Token) -> None:
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
