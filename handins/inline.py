"""An assignment made in passing, while a course is built; dates, rounds and rubric are set on its own page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Element, Membership
from handins.forms.making import WAYS
from handins.models import CompletedBy
from handins.services import assignment_make


class InlineHandinForm(forms.Form):
    """What to do, how it is handed in, and when the step is done."""

    title = forms.CharField(label=_("Title"), max_length=200)
    markdown = forms.CharField(
        label=_("What to do"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Write as in a letter. An empty line begins a paragraph, ## a heading, - a point of a list."),
    )
    ways = forms.MultipleChoiceField(
        label=_("They hand in"), choices=WAYS, initial=["text", "files"], widget=forms.CheckboxSelectMultiple
    )
    completed_by = forms.ChoiceField(
        label=_("The step is done by"), choices=CompletedBy.choices, initial=CompletedBy.PASSED
    )


def inline_handin_make(*, cleaned: dict[str, Any], by: Membership, **facts: Any) -> Element:
    made = assignment_make(
        title=cleaned["title"],
        markdown=cleaned["markdown"],
        completed_by=cleaned["completed_by"],
        **{f"takes_{way}": way in cleaned["ways"] for way, _label in WAYS},
        by=by,
        **facts,
    )
    element: Element = made.element
    return element
