"""The forms of files, links and videos. ``is_new`` asks for the file itself, which can be replaced later."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from content.forms.pages import FactsForm
from ecosystem.documents import DOCUMENTS


class ThingForm(FactsForm):
    field_order: tuple[str, ...] = ("title", "summary")

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "upload" in self.fields:
            self.fields["upload"].required = is_new
            if not is_new:
                self.fields["upload"].label = _("A newer file")
                self.fields["upload"].help_text = _("Leave empty to keep the one that is there.")

    @property
    def content(self) -> dict[str, Any]:
        """What the service takes beside the facts."""
        own = [name for name in self.fields if name not in FactsForm.base_fields]
        return {name: self.cleaned_data[name] for name in own}


class DocumentForm(ThingForm):
    field_order = ("title", "summary", "upload")
    upload = forms.FileField(
        label=_("File"),
        help_text=_("PDF, office documents, pictures, sound or text, at most 50 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in DOCUMENTS)}),
    )


class LinkForm(ThingForm):
    field_order = ("title", "summary", "url")
    url = forms.URLField(
        label=_("Address"), max_length=200, assume_scheme="https", help_text=_("It is looked at every week.")
    )


class VideoForm(ThingForm):
    field_order = ("title", "summary", "upload", "captions", "no_captions_because")
    upload = forms.FileField(
        label=_("Video"),
        help_text=_("MP4 (H.264), at most 190 MB."),
        widget=forms.FileInput(attrs={"accept": "video/mp4,.mp4,.m4v"}),
    )
    captions = forms.FileField(
        label=_("Captions"),
        required=False,
        help_text=_("What is said and heard, as a WebVTT file (.vtt)."),
        widget=forms.FileInput(attrs={"accept": ".vtt,text/vtt"}),
    )
    no_captions_because = forms.CharField(
        label=_("Or why it needs none"), max_length=300, required=False, help_text=_("Such as: nobody speaks in it.")
    )

    @property
    def content(self) -> dict[str, Any]:
        found = super().content
        captions = found["captions"]
        return {**found, "captions": captions.read(2 * 1024 * 1024) if captions else None}


class PackageForm(ThingForm):
    field_order = ("title", "summary", "upload")
    upload = forms.FileField(
        label=_("Package"),
        help_text=_("SCORM 1.2, SCORM 2004 or cmi5, as a ZIP of at most 190 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
    )
