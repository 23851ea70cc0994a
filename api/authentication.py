"""Two ways in: a bearer token, or the session of a page (with CSRF check)."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.models import Token, hash_token
from ecosystem.models import Membership, Person
from ecosystem.scope import become_person

# Last use is for the list of tokens; to the minute is enough and saves a write per request.
TOUCH = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer grove_…``, good in the environment that made it."""

    def authenticate(self, request: Request) -> tuple[Person, Token] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed("Write the header as: Authorization: Bearer <token>.")
        now = timezone.now()
        digest = hash_token(words[1].decode("ascii", "replace"))
        token = Token.objects.filter(digest=digest, revoked_at=None, expires_at__gt=now).first()
        member = (
            Membership.objects.select_related("person").filter(person_id=token.person_id, ended_at=None).first()
            if token
            else None
        )
        if token is None or member is None or not member.person.is_active:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        become_person(member.person_id)
        request._request.membership = member
        if token.last_used_at is None or now - token.last_used_at > TOUCH:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
        return member.person, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


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
