"""The form of a page, with the picture that is being added to it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from content.words import MOST_CHARACTERS
from ecosystem.models import Visibility
from ecosystem.pictures import LARGEST

MOST_TAGS = 20


class TagsField(forms.CharField):
    """Words with commas between them."""

    def clean(self, value: Any) -> list[str]:
        words = [" ".join(word.split())[:60] for word in super().clean(value).split(",")]
        return list(dict.fromkeys(word for word in words if word))[:MOST_TAGS]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class FactsForm(forms.Form):
    """What is asked about anything that an author makes."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("In one sentence"),
        max_length=500,
        required=False,
        help_text=_("Stands in lists and search results."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=lambda: settings.LANGUAGES)
    minutes = forms.IntegerField(label=_("Minutes it takes"), min_value=0, max_value=10_000, initial=5)
    tags = TagsField(
        label=_("Words to find it by"), required=False, max_length=500, help_text=_("With commas between them.")
    )
    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=Visibility.choices,
        help_text=_("People whose course asks for it see it in any case."),
    )

    @property
    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FactsForm.base_fields}


class PageForm(FactsForm):
    """``base`` is the version that was being changed."""

    field_order = ("title", "summary", "markdown")
    markdown = forms.CharField(
        label=_("Text"),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true", "data-editor": ""}),
    )
    base = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class PictureForm(forms.Form):
    """Sent along with the form of the page, which must not wait for it."""

    use_required_attribute = False
    image = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    image_says = forms.CharField(
        label=_("What it shows"),
        max_length=300,
        help_text=_("For people who cannot see it. Say what matters here, not “picture of”."),
    )

    def clean_image(self) -> Any:
        file = self.cleaned_data["image"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The picture is larger than 5 MB."))
        return file
