"""What may be typed about peer reviews."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handins.models import Exemplar, PeerPlan, PeerReview, Rubric
from handins.services.peers import SET

WHEN = {"type": "datetime-local"}
STAMP = "%Y-%m-%dT%H:%M"


class PeerPlanForm(forms.Form):
    """How peers review an assignment."""

    is_on = forms.BooleanField(
        label=_("Those who hand in review each other"),
        required=False,
        help_text=_(
            "Everybody who has handed in gets the work of others to review. Your own mark stays yours to give."
        ),
    )
    each = forms.IntegerField(
        label=_("Reviews each gives"),
        min_value=1,
        max_value=10,
        initial=3,
        help_text=_("Each work gets as many. Three are enough to see where people agree; more costs everybody time."),
    )
    opens_at = forms.DateTimeField(
        label=_("Reviewing opens"),
        required=False,
        widget=forms.DateTimeInput(attrs=WHEN, format=STAMP),
        help_text=_("From then on what is handed in is shared out. Best when most have handed in."),
    )
    closes_at = forms.DateTimeField(
        label=_("Reviewing closes"),
        required=False,
        widget=forms.DateTimeInput(attrs=WHEN, format=STAMP),
        help_text=_("After this nobody can give a review, or open the work of others."),
    )
    is_anonymous = forms.BooleanField(
        label=_("They do not see each other's names"),
        required=False,
        initial=True,
        help_text=_("You do. Names that people write into their work are not taken out."),
    )
    at_once = forms.BooleanField(
        label=_("A review is read as soon as it is given"),
        required=False,
        help_text=_("Otherwise all are read when the reviewing has closed, and can be changed until then."),
    )
    share = forms.IntegerField(
        label=_("How much of the mark comes from peers, in percent"),
        min_value=0,
        max_value=100,
        initial=0,
        help_text=_("0: peers give feedback only. Otherwise each mark you give is mixed with what peers found."),
    )
    quality = forms.IntegerField(
        label=_("How much of the mark is for giving good reviews, in percent"),
        min_value=0,
        max_value=50,
        initial=0,
        help_text=_(
            "0: giving reviews does not count. Otherwise missing reviews cost points, and near ones earn them."
        ),
    )
    near = forms.IntegerField(
        label=_("How far a practice review may be from yours, in points"),
        min_value=0,
        max_value=100,
        initial=20,
        help_text=_(
            "Only where there are samples to practise on. Whoever has tried all of them may review in any case."
        ),
    )

    @classmethod
    def of(cls, plan: PeerPlan | None, data: Any = None) -> PeerPlanForm:
        return cls(data, initial={name: getattr(plan, name) for name in SET} if plan else {})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("opens_at", "closes_at"):
            # The field shows minutes: who leaves it alone does not change the moment.
            stored = self.initial.get(name)
            if stored is not None and cleaned.get(name) == stored.replace(second=0, microsecond=0):
                cleaned[name] = stored
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if cleaned.get("is_on"):
            for name in ("opens_at", "closes_at"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, gettext("Say when."))
        if opens and closes and opens >= closes:
            self.add_error("closes_at", gettext("The reviewing opens before it closes."))
        if (cleaned.get("share") or 0) + (cleaned.get("quality") or 0) > 100:
            self.add_error("share", gettext("Together at most 100%."))
        return cleaned


class PeerReviewForm(forms.Form):
    """One tap a criterion, and words. Nothing is required while it is a draft; what is missing says the service."""

    strengths = forms.CharField(
        label=_("What is good about it"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Name something you would like to see again."),
    )
    advice = forms.CharField(
        label=_("What to do next"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One thing that would help most, so that they can do it."),
    )

    def __init__(self, data: Any = None, *, rubric: Rubric | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.criteria: list[dict[str, Any]] = rubric.criteria if rubric else []
        for place, criterion in enumerate(self.criteria):
            self.fields[f"level_{place}"] = forms.TypedChoiceField(
                label=criterion["title"],
                choices=[(n, level["title"]) for n, level in enumerate(criterion["levels"])],
                coerce=int,
                required=False,
                empty_value=None,
                widget=forms.RadioSelect,
            )
            self.fields[f"comment_{place}"] = forms.CharField(
                label=gettext("About “%(title)s”") % {"title": criterion["title"]},
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        first = [name for name in self.fields if name.startswith(("level_", "comment_"))]
        self.order_fields([*first, "strengths", "advice"])

    @classmethod
    def of(cls, review: PeerReview, rubric: Rubric | None, data: Any = None) -> PeerReviewForm:
        levels = {f"level_{place}": level for place, level in review.levels.items()}
        comments = {f"comment_{place}": words for place, words in review.comments.items()}
        given = {**levels, **comments, "strengths": review.strengths, "advice": review.advice}
        return cls(data, rubric=rubric, initial=given)

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        said, places = self.cleaned_data, range(len(self.criteria))
        return {
            "levels": {str(n): said[f"level_{n}"] for n in places if said.get(f"level_{n}") is not None},
            "comments": {str(n): said[f"comment_{n}"] for n in places},
            "strengths": said["strengths"],
            "advice": said["advice"],
        }


class PeerTryForm(forms.Form):
    """A practice review: a level for each criterion, and words for oneself."""

    words = forms.CharField(
        label=_("What would you tell them?"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, rubric: Rubric) -> None:
        super().__init__(data)
        self.levels = _levels_added(self, rubric, comments=False)
        self.order_fields([*self.levels, "words"])

    def facts(self) -> dict[str, Any]:
        return {"levels": _levels_said(self), "words": self.cleaned_data["words"]}


class PeerSampleForm(forms.Form):
    """A sample with what the teacher finds of it: a text of one's own, or an example that is shown."""

    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("Such as: A first try, or A strong plan."))
    text = forms.CharField(
        label=_("The work"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Written for this. Or choose an example."),
    )
    exemplar = forms.ModelChoiceField(
        label=_("Or an example"),
        queryset=Exemplar.objects.none(),
        required=False,
        empty_label=_("none"),
        to_field_name="uid",
    )
    comment = forms.CharField(
        label=_("On all of it"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, rubric: Rubric | None, exemplars: QuerySet[Exemplar]) -> None:
        super().__init__(data)
        self.fields["exemplar"].queryset = exemplars
        if not exemplars.exists():
            del self.fields["exemplar"]
            self.fields["text"].help_text = gettext("Written for this.")
        self.levels = _levels_added(self, rubric, comments=True)
        self.order_fields(["title", "text", "exemplar", *self.levels, "comment"])

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        said = self.cleaned_data
        comments = {name.removeprefix("comment_"): said[name] for name in self.levels if name.startswith("comment_")}
        plain = {name: said.get(name) for name in ("title", "text", "exemplar", "comment")}
        return {**plain, "levels": _levels_said(self), "comments": comments}


def _levels_added(form: forms.Form, rubric: Rubric | None, *, comments: bool) -> list[str]:
    """A field for each criterion, and its comment; returns their names in order."""
    added = []
    for place, criterion in enumerate(rubric.criteria if rubric else []):
        form.fields[f"level_{place}"] = forms.TypedChoiceField(
            label=criterion["title"],
            choices=[(n, level["title"]) for n, level in enumerate(criterion["levels"])],
            coerce=int,
            widget=forms.RadioSelect,
        )
        added.append(f"level_{place}")
        if comments:
            form.fields[f"comment_{place}"] = forms.CharField(
                label=gettext("About “%(title)s”") % {"title": criterion["title"]},
                required=False,
                max_length=5000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            added.append(f"comment_{place}")
    return added


def _levels_said(form: forms.Form) -> dict[str, int]:
    said = form.cleaned_data
    return {name.removeprefix("level_"): value for name, value in said.items() if name.startswith("level_")}


class PeerReasonForm(forms.Form):
    because = forms.CharField(label=_("Why"), max_length=300, required=False)
