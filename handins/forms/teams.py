"""What may be typed about teams."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Group, Person
from ecosystem.selectors import member_of_email
from handins.services.teams import LONGEST, MOST_PEOPLE


class TeamGroupsForm(forms.Form):
    groups = forms.ModelMultipleChoiceField(
        label=_("Groups"),
        queryset=Group.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each becomes a team. Who joins the group later joins the team."),
    )

    def __init__(self, data: Any = None, *, groups: QuerySet[Group]) -> None:
        super().__init__(data)
        self.fields["groups"].queryset = groups


class TeamDrawForm(forms.Form):
    group = forms.ModelChoiceField(label=_("People of"), queryset=Group.objects.none(), empty_label=None)
    size = forms.IntegerField(label=_("People in a team, about"), min_value=2, max_value=MOST_PEOPLE, initial=3)

    def __init__(self, data: Any = None, *, groups: QuerySet[Group]) -> None:
        super().__init__(data)
        self.fields["group"].queryset = groups


class TeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=LONGEST)
    emails = forms.CharField(
        label=_("E-mail addresses of its people"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line."),
    )

    def clean_emails(self) -> list[Person]:
        return [_member(said) for said in dict.fromkeys(self.cleaned_data["emails"].replace(",", " ").split())]


class TeamJoinForm(forms.Form):
    email = forms.EmailField()

    def clean_email(self) -> Person:
        return _member(self.cleaned_data["email"])


class AdjustmentForm(forms.Form):
    """For one person of a team; ``passed`` where the assignment has no pass mark."""

    person = forms.TypedChoiceField(label=_("Whose result"), coerce=int)
    points = forms.IntegerField(
        label=_("Points more or less, in percent"),
        min_value=-100,
        max_value=100,
        initial=0,
        help_text=_("Such as: -10."),
    )
    passed = forms.ChoiceField(
        label=_("Does it pass?"),
        required=False,
        choices=[("", _("As the team")), ("yes", _("Passed")), ("no", _("Not yet"))],
    )
    because = forms.CharField(
        label=_("Why"), max_length=300, help_text=_("The person reads it; the others of the team do not.")
    )

    def __init__(self, data: Any = None, *, people: list[Person], has_pass_mark: bool) -> None:
        super().__init__(data)
        self.fields["person"].choices = [(one.pk, one.name) for one in people]
        if has_pass_mark:
            del self.fields["passed"]

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        said = self.cleaned_data
        passed = {"yes": True, "no": False}.get(said.get("passed", ""))
        return {"person_id": said["person"], "points": said["points"], "passed": passed, "because": said["because"]}


def _member(email: str) -> Person:
    found: Person | None = member_of_email(email=email)
    if found is None:
        raise forms.ValidationError(gettext("Nobody here has the address %(email)s."), params={"email": email[:80]})
    return found
