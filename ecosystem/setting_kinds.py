"""The settings that inherit down the tree of environments: what there is, of which type, and what it is otherwise.

An app above adds its own with ``setting_kinds.register`` and reads them with ``setting_of`` (no query) or
``setting_here`` (one).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.models import Environment
from ecosystem.registry import Registry, Words
from ecosystem.scope import current_scope
from ecosystem.time_zones import zone_choices

HIGHEST = 1_000_000
COLUMNS = ("language", "time_zone")  # kept in columns of their own, which many queries read


@dataclass(frozen=True)
class SettingKind:
    """``field`` makes the form field, which also says what is a value; ``show`` gives a value as words.

    ``from_above``: in a subenvironment only administrators of an environment above set it.
    """

    key: str
    label: Words
    default: Any
    field: Callable[[], forms.Field]
    show: Callable[[Any], str]
    help: Words = ""
    from_above: bool = False

    def typed(self, value: Any) -> Any:
        """The value as the form field takes it."""
        return ("yes" if value else "no") if isinstance(value, bool) else value

    def accepts(self, value: Any) -> bool:
        try:
            return bool(self.field().clean(self.typed(value)) == value)
        except ValidationError:
            return False


setting_kinds: Registry[SettingKind] = Registry()


def setting_of(environment: Environment, key: str) -> Any:
    """What the setting comes to in this environment, as it was when the row was read."""
    if key in COLUMNS:
        return getattr(environment, key)
    return environment.resolved.get(key, setting_kinds[key].default)


def setting_here(key: str) -> Any:
    """What the setting comes to in the open scope's environment now."""
    return setting_of(Environment.objects.only("resolved", *COLUMNS).get(pk=current_scope().environment_id), key)


def _languages() -> list[tuple[str, str]]:
    return [(code, str(_(name))) for code, name in settings.LANGUAGES]


def _ways_in() -> list[tuple[str, str]]:
    return [
        ("password", _("Password")),
        ("code", _("Code by e-mail")),
        ("passkey", _("Passkey")),
        ("organisation", _("Sign-in of the organisation")),
    ]


def _who_must() -> list[tuple[str, str]]:
    return [("nobody", _("Nobody")), ("administrators", _("Administrators")), ("everybody", _("Everybody"))]


def _rhythms() -> list[tuple[str, str]]:
    return [("daily", _("Every day")), ("weekly", _("Every week"))]


def _yes_no() -> list[tuple[str, str]]:
    return [("yes", _("Yes")), ("no", _("No"))]


def _one_of(choices: Callable[[], Iterable[tuple[str, str]]]) -> dict[str, Any]:
    return {
        "field": lambda: forms.ChoiceField(choices=choices()),
        "show": lambda value: dict(choices()).get(value, str(value)),
    }


def _number(*, lowest: int = 0, highest: int = HIGHEST, zero: Words = "") -> dict[str, Any]:
    return {
        "field": lambda: forms.IntegerField(min_value=lowest, max_value=highest),
        "show": lambda value: str(zero) if zero and not value else str(value),
    }


def _switch() -> dict[str, Any]:
    def field() -> forms.Field:
        return forms.TypedChoiceField(choices=_yes_no(), coerce=lambda value: value == "yes")

    return {"field": field, "show": lambda value: _("Yes") if value else _("No")}


NO_LIMIT = gettext_lazy("No limit here")
for _kind in (
    SettingKind("language", gettext_lazy("Language"), "en", **_one_of(_languages)),
    SettingKind("time_zone", gettext_lazy("Time zone"), "Europe/Amsterdam", **_one_of(zone_choices)),
    SettingKind(
        "sign_in_methods",
        gettext_lazy("Ways to sign in"),
        ["password", "code", "passkey", "organisation"],
        help=gettext_lazy(
            "Only these are offered and accepted. One way with which an administrator can come in always stays."
        ),
        field=lambda: forms.MultipleChoiceField(choices=_ways_in(), widget=forms.CheckboxSelectMultiple),
        show=lambda value: ", ".join(dict(_ways_in()).get(way, way) for way in value),
    ),
    SettingKind(
        "second_factor",
        gettext_lazy("Who must have a second factor"),
        "nobody",
        help=gettext_lazy("Whoever has none sets one up before anything else. Their API tokens stop until then."),
        **_one_of(_who_must),
    ),
    SettingKind(
        "session_days",
        gettext_lazy("Days until somebody must sign in again"),
        14,
        help=gettext_lazy("Counts from the sign-in. Half as long without a visit ends it too."),
        **_number(lowest=1, highest=90),
    ),
    SettingKind(
        "people_limit",
        gettext_lazy("Members at most"),
        0,
        help=gettext_lazy(
            "Counts people here and in every environment below, each person once. Limits of environments above go on"
            " counting them too. 0 is no limit here."
        ),
        from_above=True,
        **_number(zero=NO_LIMIT),
    ),
    SettingKind(
        "storage_limit",
        gettext_lazy("Storage at most, in MB"),
        0,
        help=gettext_lazy(
            "Counts files here and in every environment below. Limits of environments above go on counting them too."
            " 0 is no limit here."
        ),
        from_above=True,
        **_number(zero=NO_LIMIT),
    ),
    SettingKind(
        "mail_sender",
        gettext_lazy("Name of the sender of mail"),
        "",
        help=gettext_lazy("Empty: the name of the installation."),
        field=lambda: forms.RegexField(r"^[^\r\n<>\"@]*$", max_length=60, required=False),
        show=lambda value: value or _("Usual name"),
    ),
    SettingKind("digest", gettext_lazy("Digest, until somebody chooses"), "weekly", **_one_of(_rhythms)),
    SettingKind("self_enrolment", gettext_lazy("People may enrol by themselves"), default=True, **_switch()),
):
    setting_kinds.register(_kind.key, _kind)
