"""What a learner types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handins.models import Assignment


class DraftForm(forms.Form):
    """What a learner writes; which of it is asked for, the assignment says."""

    text = forms.CharField(
        label=_("Your text"), required=False, max_length=200_000, widget=forms.Textarea(attrs={"rows": 12}), strip=False
    )
    link = forms.URLField(
        label=_("Address"), required=False, max_length=500, assume_scheme="https", help_text=_("Such as of a video.")
    )

    def __init__(self, data: Any = None, *, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for way, name in (("takes_text", "text"), ("takes_link", "link")):
            if not getattr(assignment, way):
                del self.fields[name]
        if assignment.most_words and assignment.takes_text:
            self.fields["text"].help_text = gettext("At most %(n)s words.") % {"n": assignment.most_words}
