"""What whoever marks may type beside a mark: remarks, comments to use again, conflicts, and the sheet of marks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import File
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.csv_reading import LARGEST
from ecosystem.models import Element, Membership
from ecosystem.selectors import member_of_email
from handins.files.sheets import csv_of_workbook, is_workbook
from handins.services.comments import LONGEST as LONGEST_COMMENT
from handins.services.remarks import HALF_A_PLACE, LAST_PAGE, LONGEST, LONGEST_QUOTE


class RemarkForm(forms.Form):
    """``start`` comes from the script of the page, when somebody has chosen the words with it."""

    quote = forms.CharField(
        label=_("The words it is about"),
        max_length=LONGEST_QUOTE,
        required=False,
        help_text=_("Select them in the text, or copy them."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    start = forms.IntegerField(required=False, min_value=0, max_value=10**6, widget=forms.HiddenInput)
    file = forms.UUIDField(required=False)
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1, max_value=LAST_PAGE)
    left = forms.FloatField(label=_("From the left (%)"), required=False, min_value=0, max_value=100)
    top = forms.FloatField(label=_("From the top (%)"), required=False, min_value=0, max_value=100)
    words = forms.CharField(
        label=_("Your remark"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    saved = forms.UUIDField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, other in (("left", "top"), ("top", "left")):
            if cleaned.get(name) is not None and other in cleaned and cleaned[other] is None:
                self.add_error(other, HALF_A_PLACE)
        return cleaned

    def place(self) -> dict[str, float | None]:
        """Where on the page, as shares of it."""
        said = {"x": self.cleaned_data["left"], "y": self.cleaned_data["top"]}
        return {name: None if value is None else value / 100 for name, value in said.items()}


class SavedCommentForm(forms.Form):
    words = forms.CharField(label=_("Comment"), max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}))
    of = forms.ModelChoiceField(
        label=_("For"),
        queryset=Element.objects.none(),
        required=False,
        empty_label=_("Every assignment"),
    )
    is_shared = forms.BooleanField(
        label=_("Share it with everybody who marks here"),
        required=False,
    )


class ConflictForm(forms.Form):
    marker = forms.TypedChoiceField(
        label=_("Who does not mark"), coerce=int, error_messages={"invalid_choice": _("Choose somebody from the list.")}
    )
    email = forms.EmailField(label=_("Whose work"), help_text=_("The e-mail address of a member."))
    because = forms.CharField(label=_("Why"), max_length=300, required=False, help_text=_("The log keeps it."))

    def __init__(self, data: Any = None, *, markers: list[Membership]) -> None:
        super().__init__(data)
        self._markers = {one.pk: one for one in markers}
        self.fields["marker"].choices = [(one.pk, one.person.name) for one in markers]

    def clean_marker(self) -> Membership:
        return self._markers[self.cleaned_data["marker"]]

    def clean_email(self) -> Any:
        if (found := member_of_email(email=self.cleaned_data["email"])) is None:
            raise forms.ValidationError(gettext("Nobody here has this e-mail address."))
        return found


class SheetForm(forms.Form):
    """A file at first; then what was in it, looked at."""

    sheet = forms.FileField(label=_("The sheet, as Excel (.xlsx) or CSV"), required=False, allow_empty_file=True)
    text = forms.CharField(required=False, max_length=LARGEST, strip=False, widget=forms.HiddenInput)

    def clean_sheet(self) -> bytes | None:
        """What is in it, as CSV."""
        upload: File | None = self.cleaned_data["sheet"]
        if upload is None:
            return None
        if upload.size > LARGEST:
            raise forms.ValidationError(gettext("The file is larger than 4 MB. Split it."))
        data: bytes | None = upload.read()
        if data is not None and is_workbook(data) and (data := csv_of_workbook(data)) is None:
            raise forms.ValidationError(
                gettext("This is no sheet that can be read. Bring marks.xlsx itself, or save it as CSV.")
            )
        return data

    def data_of(self) -> bytes:
        data: bytes | None = self.cleaned_data["sheet"]
        return str(self.cleaned_data["text"]).encode() if data is None else data
