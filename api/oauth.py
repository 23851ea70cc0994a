"""How django-oauth-toolkit works here: our scopes, our prefix, our rows."""

import secrets
from typing import Any

from django.utils import timezone
from oauth2_provider.models import set_token_value
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from api.models.oauth import OAuthAccessToken, OAuthRefreshToken
from api.models.tokens import LETTERS
from api.scopes import described
from api.services.tokens import LONGEST
from ecosystem.models import Membership

PREFIX = "grove_oauth_"
_RANDOM = secrets.SystemRandom()


def access_token_new(request: Any, refresh_token: bool = False) -> str:  # noqa: FBT001, FBT002 -- oauthlib's signature
    """A token that scanners of secrets recognise."""
    return PREFIX + "".join(_RANDOM.choice(LETTERS) for _index in range(43))


class AreaScopes(BaseScopes):
    """An application may ask for what was agreed when it was registered, and gets reading when it asks for nothing."""

    def get_all_scopes(self) -> dict[str, str]:
        return described()

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return list(application.may) if application else []

    def get_default_scopes(self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        return [scope for scope in self.get_available_scopes(application) if scope.endswith("read")]


class Validator(OAuth2Validator):
    """Without OpenID Connect, and for members only."""

    def _create_access_token(
        self, expires: Any, request: Any, token: dict[str, Any], source_refresh_token: Any = None
    ) -> OAuthAccessToken:
        made = OAuthAccessToken(
            user=request.user,
            scope=token["scope"],
            expires=expires,
            application=request.client,
            source_refresh_token=source_refresh_token,
        )
        set_token_value(made, token["access_token"])
        made.save()
        return made

    def validate_refresh_token(self, refresh_token: str, client: Any, request: Any, *args: Any, **kwargs: Any) -> bool:
        """For members, and for a year since somebody said yes, however often it was renewed."""
        if not super().validate_refresh_token(refresh_token, client, request, *args, **kwargs):
            return False
        family = OAuthRefreshToken.objects.filter(token_family=request.refresh_token_instance.token_family)
        if family.filter(created__lte=timezone.now() - LONGEST).exists():
            return False
        return Membership.objects.filter(person=request.user, ended_at=None).exists()
