"""What may be typed about one round: its mark, the verdict on that, and more time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.selectors import member_of_email
from handins.forms.making import moment_field
from handins.models import Assignment, Rubric


class MarkForm(forms.Form):
    """A mark: by the levels of the rubric or in percent, with comments. ``is_correction``: it is released already."""

    percent = forms.IntegerField(label=_("Score, in percent"), min_value=0, max_value=100, required=False)
    comment = forms.CharField(
        label=_("Feedback on all of it"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    passed = forms.TypedChoiceField(
        label=_("Does it pass?"),
        choices=[("yes", _("Passed")), ("no", _("Not yet"))],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label=_("Why you correct it"), max_length=300, help_text=_("The learner reads it, and the log keeps it.")
    )

    def __init__(
        self, data: Any = None, *, assignment: Assignment, rubric: Rubric | None, is_correction: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.criteria: list[dict[str, Any]] = rubric.criteria if rubric else []
        if self.criteria:
            del self.fields["percent"]
        elif assignment.pass_mark is not None:
            self.fields["percent"].required = True
        if assignment.pass_mark is not None:
            del self.fields["passed"]
        if not is_correction:
            del self.fields["because"]
        for place, criterion in enumerate(self.criteria):
            levels = [(n, f"{level['title']} ({level['points']})") for n, level in enumerate(criterion["levels"])]
            self.fields[f"level_{place}"] = forms.TypedChoiceField(
                label=criterion["title"], choices=levels, coerce=int, widget=forms.RadioSelect
            )
            self.fields[f"comment_{place}"] = forms.CharField(
                label=gettext("About “%(title)s”") % {"title": criterion["title"]},
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        first = [name for name in self.fields if name.startswith(("level_", "comment_"))]
        self.order_fields([*first, "percent", "comment", "passed", "because"])

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        said, places = self.cleaned_data, range(len(self.criteria))
        return {
            "levels": {str(place): said[f"level_{place}"] for place in places},
            "comments": {str(place): said[f"comment_{place}"] for place in places},
            "comment": said["comment"],
            "percent": said.get("percent"),
            "passed": said.get("passed"),
            "because": said.get("because", ""),
        }


class ReasonForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=300, help_text=_("The learner reads it."))


class VerdictForm(forms.Form):
    words = forms.CharField(
        label=_("What you found"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Whoever marked it reads this. Needed if you do not uphold the mark."),
    )


class ExtensionForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of a member"))
    until = moment_field(_("Until"), required=True)
    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("The learner does not read it; the log keeps it.")
    )

    def clean_email(self) -> Any:
        if (found := member_of_email(email=self.cleaned_data["email"])) is None:
            raise forms.ValidationError(gettext("Nobody here has this e-mail address."))
        return found
