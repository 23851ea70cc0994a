"""allauth's forms, told about membership and about the host a passkey is for."""

import base64
import binascii
import json
from typing import Any

from allauth.account.forms import (
    ConfirmLoginCodeForm,
    LoginForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
)
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateFactorForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Membership, SignInMethod
from ecosystem.services.account_letters import account_letter_queue
from ecosystem.ways_in import is_offered


class WithoutPlaceholders:
    """A placeholder would say the label again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)


def refuse_way(way: str) -> None:
    """Refuse a way to sign in that the environment does not offer, before anybody is looked up."""
    if not is_offered(context.request.environment, way):
        raise forms.ValidationError(_("This way to sign in is switched off here. Please choose another."))


class MemberLoginForm(WithoutPlaceholders, LoginForm):
    """Without the "forgot your password" inside the field: the page has that link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""

    def clean(self) -> Any:
        refuse_way(SignInMethod.PASSWORD)
        return super().clean()


class MemberResetPasswordForm(WithoutPlaceholders, ResetPasswordForm):
    """Writes only to members of the environment asked on; anybody else costs as much and gets the same answer."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        members = Membership.objects.filter(person__in=self.users, ended_at=None).values_list("person_id", flat=True)
        here = set(members)
        self.users = [person for person in self.users if person.pk in here]
        return email

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.users:
            account_letter_queue(
                to="", kind="password_reset_key", facts={"path": "/accounts/password/reset/key/" + "0" * 40}
            )
        email: str = super().save(request, **kwargs)
        return email


class MemberCodeForm(WithoutPlaceholders, RequestLoginCodeForm):
    """A code for members of the environment asked on; anybody else costs as much and gets the same answer."""

    def clean_email(self) -> str:
        refuse_way(SignInMethod.CODE)
        email: str = super().clean_email()
        found = [self._user.pk] if self._user else [0]
        if not Membership.objects.filter(person_id__in=found, ended_at=None).exists():
            self._user = None
            account_letter_queue(
                to="", kind="login_code", facts={"code": "XXXX-XXXX", "path": "/accounts/login/code/confirm/"}
            )
        return email


class CodeForm(WithoutPlaceholders, ConfirmLoginCodeForm):
    """The code from the letter."""


class PasswordProofForm(WithoutPlaceholders, ReauthenticateForm):
    """The password once more."""


class FactorForm(WithoutPlaceholders, AuthenticateForm):
    """The code of the app, or a recovery code, after the password."""


class FactorProofForm(WithoutPlaceholders, ReauthenticateFactorForm):
    """The code of the app, or a recovery code, once more."""


class AppForm(WithoutPlaceholders, ActivateTOTPForm):
    """The first code of a new app."""


class OnThisHost:
    """Refuses what a browser made for another page, be it of a host below this one."""

    def clean_credential(self) -> Any:
        credential = self.cleaned_data["credential"]  # type: ignore[attr-defined]
        request = context.request
        if _origin(credential) != f"{request.scheme}://{request.get_host()}":
            raise get_mfa_adapter().validation_error("incorrect_code")
        parent: Any = super()
        return parent.clean_credential() if hasattr(parent, "clean_credential") else credential


def _origin(credential: Any) -> str:
    """The page that asked for it, as the browser signed it; empty when it cannot be read."""
    try:
        text = credential["response"]["clientDataJSON"]
        return str(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))["origin"])
    except (KeyError, TypeError, ValueError, binascii.Error):
        return ""


class PasskeyForm(OnThisHost, AddWebAuthnForm):
    """A new passkey: it signs in by itself, so the device has to ask for finger, face or PIN."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        max_length=60,
        required=False,
        help_text=_("So that you know it again, such as “phone”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        found: dict[str, Any] = super().clean()
        return found


class PasskeyLoginForm(OnThisHost, LoginWebAuthnForm):
    """Signing in with a passkey alone."""

    def clean_credential(self) -> Any:
        refuse_way(SignInMethod.PASSKEY)
        return super().clean_credential()


class PasskeySecondForm(OnThisHost, AuthenticateWebAuthnForm):
    """A passkey after the password."""


class PasskeyProofForm(OnThisHost, ReauthenticateWebAuthnForm):
    """A passkey to show that it is still you."""
