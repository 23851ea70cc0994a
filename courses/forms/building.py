"""What may be typed to build courses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.services.editing import LARGEST


class NewCourseForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("What it is about"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences. People read them in the catalogue."),
    )


class TaskForm(forms.Form):
    """A task on the job, made in passing."""

    title = forms.CharField(label=_("Title"), max_length=200)
    markdown = forms.CharField(
        label=_("What is to be done"),
        max_length=100_000,
        help_text=_(
            "What they do, with whom, and by what their guide sees that it went well. - begins a point of a list."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class BlockForm(forms.Form):
    title = forms.CharField(label=_("Title of the chapter"), max_length=200)


class ActivityForm(forms.Form):
    """One step of a course."""

    title = forms.CharField(label=_("Title"), max_length=200)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=LARGEST["minutes"])
    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=0,
        max_value=LARGEST["weight"],
        help_text=_("How much it counts in the progress: 2 counts twice."),
    )
    optional = forms.BooleanField(
        label=_("Optional"), required=False, help_text=_("The course can be finished without it.")
    )


class EditForm(forms.Form):
    """What any edit may say (courses.services.acts); each act takes what it knows."""

    seen = forms.IntegerField(min_value=0)
    draft = forms.IntegerField(min_value=1, required=False)
    uid = forms.UUIDField(required=False)
    block = forms.UUIDField(required=False)
    element = forms.UUIDField(required=False)
    title = forms.CharField(required=False, max_length=500)
    position = forms.IntegerField(required=False, min_value=0, max_value=5000)

    def facts(self) -> dict[str, Any]:
        found = {name: self.cleaned_data[name] for name in ("title", "position") if self.cleaned_data[name] != ""}
        found |= {name: str(self.cleaned_data[name]) for name in ("uid", "block") if self.cleaned_data[name]}
        return found
