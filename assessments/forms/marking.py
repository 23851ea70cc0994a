"""What may be typed about marks: points, a rubric, why to mark again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.rubric_lines import LONGEST, RubricLineError, criterion_of


class MarkForm(forms.Form):
    """A mark in points, or by the levels of a rubric, with a comment for the learner."""

    points = forms.DecimalField(label=_("Points"), min_value=0, decimal_places=2, max_digits=6)
    comment = forms.CharField(
        label=_("Comment for the learner"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, points: int, criteria: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        if criteria:
            del self.fields["points"]
        else:
            self.fields["points"].max_value = points  # type: ignore[attr-defined]
            self.fields["points"].validators.append(forms.fields.validators.MaxValueValidator(points))  # type: ignore[attr-defined]
            self.fields["points"].widget.attrs["max"] = points
        for place, criterion in enumerate(criteria):
            levels = [(n, f"{level['title']} ({level['points']})") for n, level in enumerate(criterion["levels"])]
            self.fields[f"criterion_{place}"] = forms.TypedChoiceField(
                label=criterion["title"], choices=levels, coerce=int, widget=forms.RadioSelect
            )
        self.order_fields([name for name in self.fields if name != "comment"])

    @property
    def levels(self) -> dict[str, int] | None:
        if not self.criteria:
            return None
        return {str(place): self.cleaned_data[f"criterion_{place}"] for place in range(len(self.criteria))}


class RubricForm(forms.Form):
    """A rubric as lines: a criterion, then its levels, as in ``Structure: missing 0, partly 1, clear 2``."""

    text = forms.CharField(
        label=_("Rubric"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One criterion a line: its name, a colon, then levels with points, as in “Structure: missing 0, clear 2”."
        ),
    )

    def clean_text(self) -> list[dict[str, Any]]:
        return [_criterion(line) for line in self.cleaned_data["text"].splitlines() if line.strip()]


def _criterion(line: str) -> dict[str, Any]:
    try:
        title, levels = criterion_of(line)
    except RubricLineError:
        raise forms.ValidationError(_("This line cannot be read: %(line)s"), params={"line": line[:80]}) from None
    return {"title": title[:LONGEST], "levels": levels}


def rubric_text(criteria: list[dict[str, Any]]) -> str:
    """The criteria as the form takes them."""
    return "\n".join(
        f"{one['title']}: " + ", ".join(f"{level['title']} {level['points']}" for level in one["levels"])
        for one in criteria
    )


class RemarkForm(forms.Form):
    """Marking again: which way, and why."""

    way = forms.ChoiceField(
        label=_("How"),
        choices=[
            ("key", _("By the key of the newest version of the question")),
            ("everybody", _("Everybody who was asked gets all the points")),
        ],
        widget=forms.RadioSelect,
        initial="key",
    )
    because = forms.CharField(label=_("Why"), max_length=200, required=False)
