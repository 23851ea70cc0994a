"""What the letters of sign-in say, by kind."""

from typing import Any

from django.utils.translation import gettext as _

from ecosystem.models import Environment
from ecosystem.post import Letter


def _code(facts: dict[str, Any], environment: Environment) -> Letter:
    return Letter(
        subject=_("%(code)s is your code for %(name)s") % {"code": facts["code"], "name": environment.name},
        body=_("Your code is %(code)s") % {"code": facts["code"]}
        + "\n\n"
        + _(
            "Type it on the page where you asked for it. It works once, for ten minutes. Nobody of us ever asks for it."
        ),
        action_path=facts["path"],
        action_label=_("Back to the page"),
        why=_(
            "Somebody, we hope you, asked for a code. If it was not you, do nothing: without the code nobody gets in."
        ),
    )


def _password_reset(facts: dict[str, Any], environment: Environment) -> Letter:
    return Letter(
        subject=_("Choose a new password"),
        body=_("Somebody, we hope you, asked for a new password."),
        action_path=facts["path"],
        action_label=_("Choose a new password"),
        why=_("If it was not you, do nothing: your password stays as it is."),
    )


def _changed(subject: str, body: str) -> Letter:
    return Letter(
        subject=subject,
        body=body,
        action_path="/accounts/2fa/",
        action_label=_("Look at your sign-in"),
        why=_(
            "Was it not you? Choose a new password at once, which signs everybody else out, and tell your administrator."
        ),
    )


def _new_sign_in(facts: dict[str, Any], environment: Environment) -> Letter:
    device = facts["device"]
    known = _("You signed in to %(name)s with %(device)s, which we had not seen before.")
    body = known if device else _("You signed in to %(name)s with a device that we had not seen before.")
    return _changed(
        _("New sign-in to %(name)s") % {"name": environment.name}, body % {"name": environment.name, "device": device}
    )


def _factor_added(facts: dict[str, Any], environment: Environment) -> Letter:
    body = _("Your sign-in now has: %(factor)s.") % {"factor": FACTORS[facts["factor"]]()}
    return _changed(_("Your sign-in was changed"), body)


def _factor_removed(facts: dict[str, Any], environment: Environment) -> Letter:
    body = _("Your sign-in no longer has: %(factor)s.") % {"factor": FACTORS[facts["factor"]]()}
    return _changed(_("Your sign-in was changed"), body)


def _password_changed(facts: dict[str, Any], environment: Environment) -> Letter:
    return _changed(_("Your password was changed"), _("Your password was changed. You are signed out everywhere else."))


def _email_confirm(facts: dict[str, Any], environment: Environment) -> Letter:
    return Letter(
        subject=_("Is this your address?"),
        body=_("Somebody, we hope you, wants to use this address to sign in to %(name)s. Open the link to say yes.")
        % {"name": environment.name},
        action_path=facts["path"],
        action_label=_("Look at it"),
        why=_("If it was not you, do nothing: without you nothing changes. The link works for a day, once."),
    )


def _email_change_asked(facts: dict[str, Any], environment: Environment) -> Letter:
    body = _("Somebody, we hope you, asked to change your e-mail address to %(email)s. Nothing has changed yet.")
    return _changed(_("A new e-mail address was asked for"), body % facts)


def _email_changed(facts: dict[str, Any], environment: Environment) -> Letter:
    return Letter(
        subject=_("Your e-mail address was changed"),
        body=_("You now sign in with %(email)s. This address no longer belongs to your account.") % facts,
        action_path="/accounts/login/",
        action_label=_("To the sign-in page"),
        why=_("Was it not you? Tell your administrator at once."),
    )


def _erased(facts: dict[str, Any], environment: Environment) -> Letter:
    body = _("You are no longer a member of %(name)s, and your data there goes for good within minutes.")
    return Letter(
        subject=_("Your data is being erased"),
        body=body % {"name": environment.name},
        action_path="/",
        action_label=_("To the home page"),
        why=_("An administrator has confirmed it. No other letter comes from there any more."),
    )


FACTORS = {
    "totp": lambda: _("an authenticator app"),
    "webauthn": lambda: _("a passkey"),
    "recovery_codes": lambda: _("recovery codes"),
}
KINDS = {
    "login_code": _code,
    "proof_code": _code,
    "password_reset_key": _password_reset,
    "new_sign_in": _new_sign_in,
    "factor_added": _factor_added,
    "factor_removed": _factor_removed,
    "password_changed": _password_changed,
    "email_confirm": _email_confirm,
    "email_change_asked": _email_change_asked,
    "email_changed": _email_changed,
    "erased": _erased,
}


def letter_of(kind: str, facts: dict[str, Any], environment: Environment) -> Letter:
    """In the active language."""
    return KINDS[kind](facts, environment)
