"""Files of questions that come in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.importers.detecting import LARGEST_FILE


class BankFileForm(forms.Form):
    """A file of questions to look at."""

    file = forms.FileField(
        label=_("File of questions"),
        help_text=_("Moodle XML, QTI 2.1 to 3.0 (an item or a package), GIFT, Aiken or CSV; or a ZIP of these."),
        widget=forms.FileInput(attrs={"accept": ".xml,.zip,.gift,.txt,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Export it in parts."),
                params={"most": LARGEST_FILE // 1024 // 1024},
            )
        return file
