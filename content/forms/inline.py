"""What may be typed to make content in passing, on a page about something else."""

from django import forms
from django.utils.translation import gettext_lazy as _

from content.forms.things import DocumentForm, PackageForm, VideoForm


class InlinePageForm(forms.Form):
    """A page: title and text in Markdown."""

    title = forms.CharField(label=_("Title"), max_length=200)
    markdown = forms.CharField(
        label=_("Text"),
        max_length=100_000,
        help_text=_("Write as in a letter. An empty line begins a paragraph, ## a heading, - a point of a list."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class InlineLinkForm(forms.Form):
    """A page elsewhere."""

    title = forms.CharField(label=_("Title"), max_length=200)
    url = forms.URLField(label=_("Address"), max_length=200, assume_scheme="https")


class InlineFileForm(forms.Form):
    """A document."""

    title = forms.CharField(label=_("Title"), max_length=200)
    upload = DocumentForm.declared_fields["upload"]


class InlineVideoForm(forms.Form):
    """A video with its captions, or why it needs none."""

    title = forms.CharField(label=_("Title"), max_length=200)
    upload = VideoForm.declared_fields["upload"]
    captions = VideoForm.declared_fields["captions"]
    no_captions_because = VideoForm.declared_fields["no_captions_because"]


class InlinePackageForm(forms.Form):
    """A package of other software."""

    title = forms.CharField(label=_("Title"), max_length=200)
    upload = PackageForm.declared_fields["upload"]
