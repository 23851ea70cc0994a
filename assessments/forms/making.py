"""A new quiz, survey, adaptive test or 360-degree feedback, from the questions of a bank."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Mode
from ecosystem.models import Element
from ecosystem.scope import current_scope


class QuizForm(forms.Form):
    """``bank``, and how many of its questions: all as they are, or so many drawn for each attempt."""

    title = forms.CharField(label=_("Title"), max_length=200)
    mode = forms.ChoiceField(label=_("Kind"), choices=Mode.choices, widget=forms.RadioSelect, initial=Mode.QUIZ)
    bank = forms.ModelChoiceField(label=_("Questions of this bank"), queryset=Element.objects.none())
    count = forms.IntegerField(
        label=_("How many"),
        min_value=1,
        max_value=500,
        required=False,
        help_text=_(
            "So many are drawn anew for each attempt. Empty asks all, in their order; an adaptive test chooses."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = current_scope().environment_id
        banks = Element.objects.filter(kind="question_bank", environment_id=here).order_by("title")
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
