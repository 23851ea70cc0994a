"""What may be typed about tokens, applications and webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from api.scopes import AREAS
from records.verbs import VERBS

DAYS = [(30, _("30 days")), (90, _("90 days")), (180, _("half a year")), (366, _("a year"))]


EVERYTHING = [("read", _("Read everything you may see")), ("write", _("Change everything you may change"))]


def area_choices() -> list[tuple[str, Any]]:
    found = []
    for area, about in AREAS.items():
        found.append((f"{area}:read", _("Read: %(area)s") % {"area": about}))
        found.append((f"{area}:write", _("Change: %(area)s") % {"area": about}))
    return found


class ScopesForm(forms.Form):
    """What a key may do: everything, or single areas. ``cleaned_data["scopes"]`` holds both."""

    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=EVERYTHING,
        widget=forms.CheckboxSelectMultiple,
        initial=["read"],
        required=False,
    )
    areas = forms.MultipleChoiceField(
        label=_("Single areas"), choices=area_choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["scopes"] = [*data.get("scopes", []), *data.pop("areas", [])]
        if not data["scopes"] and not self.errors:
            self.add_error("scopes", _("Choose at least one thing."))
        return data

    @property
    def facts(self) -> list[forms.BoundField]:
        """The fields that say what it is; what it may do comes after them."""
        return [field for field in self if field.name not in {"scopes", "areas"}]


class TokenForm(ScopesForm):
    """A new token of one's own."""

    name = forms.CharField(label=_("What is it for?"), max_length=120)
    days = forms.TypedChoiceField(label=_("It works for"), choices=DAYS, coerce=int, initial=90)


class ApplicationForm(ScopesForm):
    """Software that is to be let in."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("People see it when they let it in."))
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            ("server", _("A program on a server, which people let in")),
            ("device", _("An app on people’s own devices or in their browser")),
            ("machine", _("A program that acts as you, without anybody there")),
        ],
        widget=forms.RadioSelect,
    )
    redirect_uris = forms.CharField(
        label=_("Where people come back to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One address a line. Not for a program that acts as you."),
    )

    def clean_redirect_uris(self) -> list[str]:
        return self.cleaned_data["redirect_uris"].split()


class WebhookForm(forms.Form):
    """Where messages go and what they are about."""

    name = forms.CharField(label=_("What is it for?"), max_length=120)
    url = forms.URLField(
        label=_("Address"), max_length=500, assume_scheme="https", help_text=_("It begins with https://.")
    )
    verbs = forms.MultipleChoiceField(
        label=_("Tell it when somebody"),
        choices=list(VERBS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Nothing chosen means everything."),
    )


class PeriodForm(forms.Form):
    """From when to when messages are sent again."""

    since = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    until = forms.DateTimeField(
        label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
