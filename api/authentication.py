"""Two ways in: a bearer token, or the session of a page (with CSRF check)."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from api.models import OAuthAccessToken, Token, hash_token
from api.oauth import PREFIX as OAUTH_PREFIX
from ecosystem.middleware.second_factor import needed
from ecosystem.models import Membership, Person
from ecosystem.powers import with_hints
from ecosystem.prepared import Given, prepared
from ecosystem.scope import become_person
from ecosystem.second_factor import is_missing
from ecosystem.services.entering import guest_of

# Last use is for the list of tokens; to the minute is enough and saves a write per request.
TOUCH = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer grove_…``, of a person or an application, good in the environment that made it."""

    def authenticate(self, request: Request) -> tuple[Person, Token | OAuthAccessToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Write the header as: Authorization: Bearer <token>.")
        secret = words[1].decode("ascii", "replace")
        key, person_id = _of_application(secret) if secret.startswith(OAUTH_PREFIX) else _of_person(secret)
        member = _acting(person_id) if person_id else None
        if key is None or member is None or not member.person.is_active:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        if is_missing(environment=request._request.environment, membership=member):
            raise PermissionDenied(needed())
        become_person(member.person_id)
        request._request.membership = member
        return member.person, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _acting(person_id: int) -> Membership | None:
    """As whom they act here, asked anew each time: a member, or somebody who looks after it from above."""
    return next(iter(_members(person=person_id)), None) or guest_of(person_id=person_id)


@prepared
def _members(*, person: Given) -> QuerySet[Membership]:
    return with_hints(Membership.objects.select_related("person").filter(person_id=person, ended_at=None))


@prepared
def _tokens(*, digest: Given, now: Given) -> QuerySet[Token]:
    return Token.objects.filter(digest=digest, revoked_at=None, expires_at__gt=now)


def _of_person(secret: str) -> tuple[Token | None, int | None]:
    now = timezone.now()
    token = next(iter(_tokens(digest=hash_token(secret), now=now)), None)
    if token is None:
        return None, None
    if token.last_used_at is None or now - token.last_used_at > TOUCH:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)
    return token, token.person_id


def _of_application(secret: str) -> tuple[OAuthAccessToken | None, int | None]:
    """Of the person who let it in; of whoever registered it when nobody is there."""
    rows = OAuthAccessToken.objects.select_related("application")
    token = rows.filter(token_checksum=hash_token(secret), expires__gt=timezone.now()).first()
    return token, (token.user_id or token.application.user_id) if token else None


class PageSession(SessionAuthentication):
    """The sign-in of our own pages; ScopeMiddleware has checked it already."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        membership = request._request.membership
        if membership is None:
            return None
        self.enforce_csrf(request)
        return membership.person, None


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.PageSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "session"}
