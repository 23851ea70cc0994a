"""The rows of the sheets: an answer, a pair, a word, a place in a picture. An empty row is none."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.question_types.numeric import TOLERANCES
from assessments.texts import LONGEST


class Row(forms.Form):
    """A row of which one field says whether it is there."""

    key_field = "text"

    @property
    def is_there(self) -> bool:
        return bool(str(self.cleaned_data.get(self.key_field) or "").strip())


def words(label: Any, *, most: int = 1000, rows: int = 0) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


def percent() -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Worth (%)"), required=False, min_value=Decimal(-100), max_value=Decimal(100), max_digits=10, decimal_places=5,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
    )  # fmt: skip


class ChoiceRow(Row):
    text = words(_("Answer"), most=LONGEST, rows=2)
    correct = forms.BooleanField(label=_("Right"), required=False)
    worth = percent()
    feedback = words(_("What to say to it"), most=LONGEST)


class TextAnswerRow(Row):
    text = words(_("Answer"))
    worth = percent()
    feedback = words(_("What to say to it"), most=LONGEST)


class NumberRow(Row):
    key_field = "value"
    value = words(_("Number"), most=50)
    tolerance = words(_("Tolerance"), most=50)
    tolerance_kind = forms.ChoiceField(
        label=_("Meant as"), required=False,
        choices=list(zip(TOLERANCES, (_("a distance"), _("a share (0.05 is 5%)"), _("significant figures")), strict=True)),
    )  # fmt: skip
    worth = percent()
    feedback = words(_("What to say to it"), most=LONGEST)


class PairRow(Row):
    text = words(_("Item"), most=LONGEST)
    answer = words(_("Belongs to it"))


class TextRow(Row):
    text = words(_("Text"), most=LONGEST)


class WordRow(Row):
    text = words(_("Word"))
    group = words(_("Group"), most=20)


class DragWordRow(WordRow):
    again = forms.BooleanField(label=_("May be used again"), required=False)


class AreaRow(Row):
    key_field = "name"
    name = words(_("Name"), most=200)
    shape = forms.ChoiceField(
        label=_("Shape"), required=False,
        choices=[("rect", _("rectangle")), ("circle", _("circle")), ("poly", _("polygon"))],
    )  # fmt: skip
    coords = forms.CharField(
        label=_("Outline in pixels"), required=False, max_length=2000,
        help_text=_("Rectangle: left, top, right, bottom. Circle: x, y, radius. Polygon: x, y, x, y, ..."),
    )  # fmt: skip
    correct = forms.BooleanField(label=_("Right"), required=False)
    feedback = words(_("What to say to it"), most=LONGEST)
