"""Signing in with the account of one's organisation (OpenID Connect or SAML), by allauth, with providers that are rows."""

import logging
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecosystem.issuer_tokens import TokenError, token_head, token_read
from ecosystem.models import IdentityProvider, Person, SignInMethod
from ecosystem.navigation import sign_in_again
from ecosystem.outbound import GuardedSession
from ecosystem.sealing import unseal
from ecosystem.services.identity_providers import is_known_beyond, person_of_identity
from ecosystem.ways_in import is_accepted, is_offered

logger = logging.getLogger("grove.signing")

KEPT = 60  # seconds that what an issuer says of itself is believed


def provider_id_of(row: IdentityProvider) -> str:
    """Names it in addresses and in the links to accounts; begins with the protocol."""
    return f"{row.protocol}-{row.uid}"


def _app(row: IdentityProvider) -> SocialApp:
    if row.protocol == IdentityProvider.Protocol.SAML:
        return SocialApp(provider="saml", provider_id=provider_id_of(row), name=row.name, client_id=provider_id_of(row))
    return SocialApp(
        provider="openid_connect",
        provider_id=provider_id_of(row),
        name=row.name,
        client_id=row.client_id,
        secret=unseal(row.sealed_secret) if row.sealed_secret else "",
        settings={"server_url": row.issuer.rstrip("/"), "oauth_pkce_enabled": True},
    )


def _nonce_of(state: str) -> str:
    """What binds the token to this one sign-in: known to the browser that began it, which has the state, and to nobody else."""
    return sha256(f"nonce {state}".encode()).hexdigest()


class UnbelievedError(OAuth2Error):
    """Said by us, so fit for a log."""


class WithNonce(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, Any]) -> str:
        with_nonce = {**extra_params, "nonce": _nonce_of(self.state)}
        url: str = super().get_redirect_url(authorization_url, scope, with_nonce)
        return url


class CheckedTokens(OpenIDConnectOAuth2Adapter):
    """The token of the identity is checked with the keys of the issuer, whichever way it came, and is of this sign-in."""

    client_class = WithNonce

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the issuer says of itself, asked once a minute however many sign in."""
        if hasattr(self, "_openid_config"):
            return self._openid_config
        wanted = self.get_provider().app.settings["server_url"]
        key = f"openid:{self.provider_id}:{sha256(wanted.encode()).hexdigest()}"
        found: dict[str, Any] | None = cache.get(key)
        if found is None:
            found = super().openid_config
            if str(found.get("issuer", "")).rstrip("/") != wanted:
                del self._openid_config
                raise UnbelievedError("another issuer")
            cache.set(key, found, KEPT)
        self._openid_config: dict[str, Any] = found
        return found

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        config = self.openid_config
        try:
            token_head(id_token)  # before anything is asked of anybody
            with get_adapter().get_requests_session() as session:
                answer = session.get(config["jwks_uri"])
            answer.raise_for_status()
            found = token_read(id_token, keys=answer.json(), issuer=config["issuer"], audience=app.client_id)
        except TokenError as error:
            raise UnbelievedError(str(error)) from None
        jwtkit.verify_jti(found)
        if found.get("nonce") != _nonce_of(self.request.GET.get("state", "")):
            raise UnbelievedError("the token of another sign-in")
        return found


class OrganisationAdapter(DefaultSocialAccountAdapter):
    """Providers of the environment asked on; people by verified address, members only; never a second identity."""

    def list_apps(self, request: HttpRequest, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        if not is_offered(request.environment, SignInMethod.ORGANISATION):  # type: ignore[attr-defined]
            return []
        apps = [_app(row) for row in IdentityProvider.objects.filter(is_on=True).order_by("name")]
        return [
            app
            for app in apps
            if provider in {None, app.provider, app.provider_id} and client_id in {None, app.client_id}
        ]

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        found = super().get_provider(request, provider, client_id)
        if found.id == "openid_connect":
            found.oauth2_adapter_class = CheckedTokens
        return found

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        """Nobody is made of what a provider says; ``pre_social_login`` looks for who it is."""
        user: Person = sociallogin.user
        return user

    def get_requests_session(self) -> GuardedSession:
        return GuardedSession()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any = None, error: Any = None, exception: Any = None, **more: Any
    ) -> NoReturn:
        # The words of others may hold a secret; ours say what was wrong with a token.
        why = str(exception) if isinstance(exception, UnbelievedError) else type(exception).__name__
        if exception is None and error in {AuthError.CANCELLED, AuthError.DENIED, AuthError.UNKNOWN}:
            why = error
        logger.warning("a sign-in by %s came to nothing: %s", getattr(provider, "id", "an organisation"), why)
        state = (more.get("extra_context") or {}).get("state") or {}
        self._refuse(request, _("That did not work. Please try again, or sign in another way."), state)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if not is_accepted(SignInMethod.ORGANISATION):
            self.on_authentication_error(request, extra_context={"state": sociallogin.state})
        if sociallogin.state.get("process", "login") != "login" or request.user.is_authenticated:
            self.on_authentication_error(request, extra_context={"state": sociallogin.state})
        said = sociallogin.account.extra_data
        identity, info = said.get("id_token"), said.get("userinfo") or {}
        if not identity or info.get("sub", identity["sub"]) != identity["sub"]:
            self.on_authentication_error(request, extra_context={"state": sociallogin.state})
        sociallogin.account.extra_data = {}  # nothing is kept of what the organisation tells
        if not sociallogin.is_existing:
            self._find(request, sociallogin, {**identity, **info})
        elif isinstance(sociallogin.account, SocialAccount):
            sociallogin.account.save(update_fields=["extra_data"])
        if is_known_beyond(person=sociallogin.user):
            text = _(
                "You belong to another organisation too, so please sign in with your own password, code or passkey."
            )
            self._refuse(request, text, sociallogin.state)

    def _find(self, request: HttpRequest, sociallogin: SocialLogin, claims: dict[str, Any]) -> None:
        row = IdentityProvider.objects.get(uid=sociallogin.account.provider.partition("-")[2])
        email = str(claims.get("email") or "")
        if not email or claims.get("email_verified") is not True:
            text = _(
                "Your organisation does not tell us an e-mail address that it has checked, so we cannot know who you are here. Ask whoever keeps your accounts."
            )
            self._refuse(request, text, sociallogin.state)
        person = person_of_identity(provider=row, email=email, name=str(claims.get("name") or ""))
        if person is None:
            text = _("Your organisation knows you, but you have no place here yet. Ask for an invitation.")
            self._refuse(request, text, sociallogin.state)
        sociallogin.user = sociallogin.account.user = person
        sociallogin.account.save()

    @staticmethod
    def _refuse(request: HttpRequest, text: str, state: Mapping[str, Any]) -> NoReturn:
        messages.error(request, text)
        raise ImmediateHttpResponse(sign_in_again(state.get("next") or ""))
