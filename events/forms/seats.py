"""What may be typed about the seat of somebody."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.selectors import member_of_email
from events.models import Event
from events.selectors import when_words


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=300)


class GiveForm(forms.Form):
    """Somebody who gets a seat from who organises."""

    email = forms.EmailField(label=_("E-mail address of a member"))
    beyond = forms.BooleanField(label=_("Even when all places are taken"), required=False)
    reason = forms.CharField(
        label=_("Why beyond the places"), max_length=300, required=False, help_text=_("It is kept in the audit log.")
    )


class DecideForm(forms.Form):
    """A yes, or a no with a reason."""

    reason = forms.CharField(
        label=_("Why not"), max_length=300, required=False, help_text=_("Only for a no. They read it.")
    )


class PassForm(forms.Form):
    """Who comes instead."""

    email = forms.EmailField(label=_("E-mail address of who comes instead"))

    def clean_email(self) -> Any:
        return member_of_email(email=self.cleaned_data["email"])


class ChangeForm(forms.Form):
    """Another date for one's own seat."""

    to = forms.ChoiceField(label=_("Another date"))
    reason = forms.CharField(label=_("Why you cannot come"), max_length=300)

    def __init__(self, data: Any = None, *, others: list[Event], asks_why: bool) -> None:
        super().__init__(data)
        self.others = {event.element.slug: event for event in others}
        self.fields["to"].choices = [(slug, when_words(event)) for slug, event in self.others.items()]
        if not asks_why:
            del self.fields["reason"]

    def clean_to(self) -> Event:
        return self.others[self.cleaned_data["to"]]


class MoveForm(forms.Form):
    """Another event for somebody with a seat."""

    to = forms.ChoiceField(label=_("Move to"))

    def __init__(self, data: Any = None, *, others: list[Event]) -> None:
        super().__init__(data)
        self.others = {event.element.slug: event for event in others}
        self.fields["to"].choices = [(slug, _called(event)) for slug, event in self.others.items()]


def _called(event: Event) -> str:
    """With the date, since events of a series have the same title, and with what a seat there costs."""
    price = f"{event.price} {event.currency}" if event.price else ""
    return ", ".join(part for part in (event.element.title, when_words(event), price) if part)
