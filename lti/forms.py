"""What may be typed about tools, and about activities in them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from content.forms.pages import FactsForm
from lti.models import DoneWhen, OpensIn, Shares, Tool, ToolLink
from lti.selectors import tools_here
from lti.services.linking import LONGEST_CUSTOM, MOST_CUSTOM, NAME


class ToolForm(forms.Form):
    """What the maker of the tool says of it."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("Authors choose the tool by it."))
    login_url = forms.URLField(
        label=_("Login initiation address"), max_length=500, assume_scheme="https",
        help_text=_("Also called OIDC login or third-party login URL."),
    )  # fmt: skip
    target_url = forms.URLField(
        label=_("Target link address"), max_length=500, assume_scheme="https",
        help_text=_("Where people arrive, unless an activity names another place in the tool."),
    )  # fmt: skip
    redirect_urls = forms.CharField(
        label=_("Redirect addresses"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line. What we say of people goes there and nowhere else."),
    )
    keys_url = forms.URLField(
        label=_("Address of its public keys"), max_length=500, required=False, assume_scheme="https",
        help_text=_("Also called JWKS or keyset URL."),
    )  # fmt: skip
    pasted = forms.CharField(
        label=_("Or a public key"),
        max_length=16_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("PEM or JWK, if the tool has no address for its keys."),
    )
    shares = forms.ChoiceField(
        label=_("What it learns of people"), choices=Shares.choices, initial=Shares.NOTHING, widget=forms.RadioSelect
    )
    is_on = forms.BooleanField(label=_("It may be opened"), required=False, initial=True)

    @classmethod
    def of(cls, row: Tool | None, data: Any = None) -> ToolForm:
        if row is None:
            return cls(data)
        first = {name: getattr(row, name) for name in cls.base_fields if name != "pasted"}
        form = cls(data, initial={**first, "redirect_urls": "\n".join(row.redirect_urls)})
        if row.keys:
            form.fields["pasted"].help_text = _("Leave empty to keep the one that is there.")
        return form

    def clean_redirect_urls(self) -> list[str]:
        return list(dict.fromkeys(self.cleaned_data["redirect_urls"].split()))


OWN = ("tool", "target_url", "custom", "opens_in", "done_when", "pass_mark", "points")


class CustomField(forms.CharField):
    """Lines of name=value."""

    def clean(self, value: Any) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in super().clean(value).splitlines():
            name, sign, text = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if not sign or not NAME.match(name) or len(text) > LONGEST_CUSTOM or len(found) >= MOST_CUSTOM:
                raise forms.ValidationError(_now("Write one a line, such as level=2; names without spaces."))
            found[name] = text
        return found

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{name}={text}" for name, text in value.items()) if isinstance(value, dict) else value


class InlineToolForm(forms.Form):
    """An activity made in passing, while a course is built."""

    title = forms.CharField(label=_("Title"), max_length=200)
    tool = forms.ModelChoiceField(
        label=_("Tool"),
        queryset=Tool.objects.none(),
        empty_label=None,
        help_text=_("An administrator registers them."),
    )
    target_url = forms.URLField(
        label=_("Place in the tool"), max_length=500, required=False, assume_scheme="https",
        help_text=_("An address that the tool gave you. Empty: where it begins."),
    )  # fmt: skip
    done_when = forms.ChoiceField(label=_("Done when"), choices=DoneWhen.choices, initial=DoneWhen.REPORTED)
    pass_mark = forms.IntegerField(
        label=_("Pass mark in percent"), min_value=0, max_value=100, required=False,
        help_text=_("Empty: any score means done."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tool"].queryset = tools_here(only_on=True)

    def own(self) -> dict[str, Any]:
        """What the service takes of the activity."""
        return {name: self.cleaned_data[name] for name in ("tool", "target_url", "done_when", "pass_mark")}


class LinkForm(InlineToolForm, FactsForm):
    """Everything of an activity."""

    custom = CustomField(
        label=_("Custom parameters"),
        max_length=12_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Lines such as level=2, if the tool asks for them."),
    )
    opens_in = forms.ChoiceField(
        label=_("Opens in"), choices=OpensIn.choices, initial=OpensIn.TAB,
        help_text=_("Not every tool and browser works in a frame."),
    )  # fmt: skip
    points = forms.IntegerField(label=_("Points at most"), min_value=1, max_value=10_000, initial=100)
    field_order = ("title", "summary", "tool", "target_url", "custom", "opens_in", "done_when", "pass_mark", "points")

    @classmethod
    def of(cls, row: ToolLink, data: Any = None) -> LinkForm:
        first = {name: getattr(row.element, name) for name in FactsForm.base_fields}
        first |= {name: getattr(row, name) for name in OWN}
        form = cls(data, initial=first)
        if row.tool is not None and not row.tool.is_on:
            form.fields["tool"].queryset = tools_here()
        return form

    def own(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OWN}

    def of_element(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FactsForm.base_fields}

    @property
    def lead(self) -> list[forms.BoundField]:
        return [self[name] for name in ("tool", "target_url", "custom", "opens_in", "done_when")]
