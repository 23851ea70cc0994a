"""What a seat costs, and codes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Group
from events.models import Event
from events.zones import own_clock

MOST_PRICE = Decimal("999999.99")


def _price(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, help_text=help_text, min_value=Decimal(0), max_value=MOST_PRICE, max_digits=8, decimal_places=2,
        required=False,
    )  # fmt: skip


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class PriceForm(forms.Form):
    price = _price(
        _("Price of a seat"), _("Leave it empty where it costs nothing. Who books says which cost centre pays.")
    )
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=_("Currency"), max_length=3, help_text=_("Three capitals, such as EUR.")
    )
    needs_code = forms.BooleanField(label=_("Only who has a code can book"), required=False)

    @classmethod
    def of(cls, event: Event, data: Any = None) -> PriceForm:
        return cls(data, initial={name: getattr(event, name) for name in cls.base_fields})


class CodeForm(forms.Form):
    code = forms.RegexField(
        r"\A[A-Za-z0-9-]{6,40}\Z", label=_("Code"), max_length=40, required=False,
        help_text=_("From 6 to 40 letters, digits and hyphens. Leave it empty for one that nobody guesses."),
    )  # fmt: skip
    price = _price(_("Price with it"), _("Leave it empty for the price of the event."))
    most = forms.IntegerField(
        label=_("How often"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Leave it empty for no limit."),
    )
    group = forms.ModelChoiceField(
        label=_("Only for the group"), queryset=Group.objects.order_by("name"), required=False, empty_label=_("any")
    )
    opens_at = _moment(_("From"))
    closes_at = _moment(_("Until"))
    for_series = forms.BooleanField(
        label=_("For every event of the series"), required=False,
        help_text=_("How often it is used counts for all of them together."),
    )  # fmt: skip

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("opens_at", "closes_at"):
            self.fields[name].help_text = own_clock(zone=event.zone)
        if event.series_id is None:
            del self.fields["for_series"]
