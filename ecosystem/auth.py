"""Sign-in: a person may enter where they are a member or look after things from above; elsewhere they do not exist."""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from ecosystem.models import Person
from ecosystem.navigation import own_path, sign_in_again, with_next
from ecosystem.sealing import seal, unseal
from ecosystem.services.account_letters import account_letter_queue
from ecosystem.services.entering import environment_enter, may_enter
from ecosystem.ways_in import is_accepted, way_of


class MemberBackend(AuthenticationBackend):
    """E-mail and password of a member, or of who holds powers here. A stranger costs the same time and gets the same answer."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Person | None:
        person = super().authenticate(request, **credentials)
        return person if person is not None and may_enter(person=person) else None


class AccountAdapter(DefaultAccountAdapter):
    """People are invited, they do not sign themselves up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse | None:
        """Whatever proved who somebody is: only members of this host, and who looks after it from above, come in.

        And only by a way that the environment accepts.
        """
        records = get_authentication_records(request, user)
        if (records and not is_accepted(way_of(records[-1]))) or environment_enter(person=user) is None:
            messages.error(request, _("That did not work. Please try again, or sign in another way."))
            return sign_in_again(kwargs.get("redirect_url") or "")
        return super().pre_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter to be sent after the commit, in the look of the environment and the language of the person."""
        kind = template_prefix.rpartition("/")[2]
        if kind == "login_code":
            facts = {
                "code": context["code"],
                "path": with_next(reverse("account_confirm_login_code"), own_path(self.request, default="")),
            }
        elif kind == "password_reset_key":
            facts = {"path": urlsplit(context["password_reset_url"]).path}
        else:
            raise ValueError(f"No letter {kind} is known.")
        account_letter_queue(to=email, kind=kind, facts=facts)

    def get_reauthentication_methods(self, user: Person | AnonymousUser) -> list[dict[str, Any]]:
        """allauth's; a code by e-mail for whoever has neither password nor second factor."""
        words = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use the app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        found = [{**way, "description": words[way["id"]]} for way in ways]
        if found or not user.is_authenticated:
            return found
        return [
            {
                "id": "reauthenticate_code",
                "description": _("Get a code by e-mail"),
                "url": reverse("account_reauthenticate_code"),
            }
        ]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed; a passkey belongs to the host it was made on."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return str(self.request.environment.name)  # type: ignore[attr-defined]

    def _get_site_name(self) -> str:
        return str(self.request.environment.name)  # type: ignore[attr-defined]

    def build_totp_svg(self, url: str) -> str:
        """A QR code on white, so that a phone reads it in the dark theme too."""
        drawn = BytesIO()
        segno.make(url, error="m").save(drawn, kind="svg", xmldecl=False, scale=4, dark="#000", light="#fff", border=3)
        return drawn.getvalue().decode()
