"""What may be typed about tokens, applications and webhooks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from api.scopes import AREAS
from records.verbs import VERBS

DAYS = [(30, _("30 days")), (90, _("90 days")), (180, _("half a year")), (366, _("a year"))]


def scope_choices() -> list[tuple[str, Any]]:
    everything = [("read", _("Read everything you may see")), ("write", _("Change everything you may change"))]
    areas = []
    for area, about in AREAS.items():
        areas.append((f"{area}:read", _("Read: %(area)s") % {"area": about}))
        areas.append((f"{area}:write", _("Change: %(area)s") % {"area": about}))
    return [*everything, *areas]


class TokenForm(forms.Form):
    """A new token of one's own."""

    name = forms.CharField(label=_("What is it for?"), max_length=120)
    days = forms.TypedChoiceField(label=_("It works for"), choices=DAYS, coerce=int, initial=90)
    scopes = forms.MultipleChoiceField(
        label=_("It may"), choices=scope_choices, widget=forms.CheckboxSelectMultiple, initial=["read"]
    )


class ApplicationForm(forms.Form):
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
    scopes = forms.MultipleChoiceField(
        label=_("It may ask for"), choices=scope_choices, widget=forms.CheckboxSelectMultiple, initial=["read"]
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

    since = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    until = forms.DateTimeField(label=_("Until"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
