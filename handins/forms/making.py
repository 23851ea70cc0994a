"""What may be typed about an assignment and its rubric."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.rubric_lines import LONGEST, RubricLineError, criterion_of, whole_number
from handins.files.types import ENDINGS, MOST_MB
from handins.models import Assignment, CompletedBy, Moderated, Rubric

WAYS = (
    ("text", _("A text")),
    ("files", _("Files")),
    ("link", _("An address")),
    ("audio", _("A sound recording")),
    ("video", _("A video recording")),
)
MOST_WEIGHT = 100
MOMENT = {"type": "datetime-local"}


def moment_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs=MOMENT, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, widget=widget, help_text=help_text)


class AssignmentForm(forms.Form):
    """An assignment, apart from its rubric."""

    title = forms.CharField(label=_("Title"), max_length=200)
    summary = forms.CharField(
        label=_("In a sentence"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    markdown = forms.CharField(
        label=_("What to do"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Write as in a letter. An empty line begins a paragraph, ## a heading, - a point of a list."),
    )
    ways = forms.MultipleChoiceField(
        label=_("They hand in"), choices=WAYS, initial=["text", "files"], widget=forms.CheckboxSelectMultiple
    )
    most_words = forms.IntegerField(
        label=_("Most words"), min_value=1, max_value=100_000, required=False, help_text=_("Empty: no limit.")
    )
    endings = forms.CharField(
        label=_("Kinds of files"),
        max_length=200,
        required=False,
        help_text=_("Such as: pdf, docx. Empty: every kind that can be kept."),
    )
    most_files = forms.IntegerField(label=_("Most files"), min_value=1, max_value=20, initial=3)
    most_mb = forms.IntegerField(
        label=_("Largest file, in MB"),
        min_value=1,
        max_value=MOST_MB,
        initial=20,
        help_text=_("Documents are at most 50 MB; sound and video may be as large as you say."),
    )
    is_group = forms.BooleanField(
        label=_("Teams hand it in"),
        required=False,
        help_text=_("The people of a team share one work and its mark. Say who is in which team under To review."),
    )
    all_agree = forms.BooleanField(label=_("Everybody in the team agrees before it is handed in"), required=False)
    is_on_the_job = forms.BooleanField(
        label=_("Done at work, and confirmed there"),
        required=False,
        help_text=_(
            "Whoever guides or manages the learner is asked whether it was done. It is marked, and counts, once they say so."
        ),
    )
    due_at = moment_field(_("Due"), _("What comes later is marked as late."))
    closes_at = moment_field(
        _("Taken until"), _("After this nothing can be handed in. Empty: late work is taken for ever.")
    )
    late_points = forms.IntegerField(
        label=_("Points off for each day late"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_(
            "Percentage points of the mark, for each day that has begun. Empty: late work is only marked as late."
        ),
    )
    honour = forms.CharField(
        label=_("What they declare"),
        max_length=500,
        required=False,
        help_text=_("Such as: I wrote this myself. Whoever hands in ticks it. Empty: nothing to tick."),
    )
    most_rounds = forms.IntegerField(
        label=_("Most rounds"), min_value=1, max_value=20, initial=3, help_text=_("1: no second try after feedback.")
    )
    pass_mark = forms.IntegerField(
        label=_("Pass mark, in percent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("Empty: whoever gives feedback says whether it passes."),
    )
    is_anonymous = forms.BooleanField(
        label=_("Marked without names"),
        required=False,
        help_text=_("Whoever marks sees a participant with a number until the marks are released."),
    )
    is_double = forms.BooleanField(
        label=_("Two people mark it"),
        required=False,
        help_text=_("Each on their own, without seeing the other's mark. Then they agree on one."),
    )
    tolerance = forms.IntegerField(
        label=_("How far two marks may be apart, in points"),
        min_value=0,
        max_value=100,
        initial=10,
        required=False,
        help_text=_("Up to this the average can be taken; beyond it they talk."),
    )
    is_compared = forms.BooleanField(
        label=_("Compare with other hand-ins here"),
        required=False,
        initial=True,
        help_text=_(
            "Who marks sees where the same words are in other work. Whoever hands in is told that it is compared."
        ),
    )
    moderation = forms.ChoiceField(
        label=_("Marks that somebody else looks at"),
        choices=Moderated.choices,
        initial=Moderated.NONE,
        required=False,
        help_text=_("A moderator who did not mark the work upholds the mark or not, in words."),
    )
    moderation_share = forms.IntegerField(
        label=_("Share drawn by lot, in percent"), min_value=1, max_value=100, initial=10, required=False
    )
    borderline = forms.IntegerField(
        label=_("Near the pass mark, in points"), min_value=0, max_value=100, initial=5, required=False
    )
    moderation_active = forms.BooleanField(
        label=_("The release waits for the moderator"),
        required=False,
        initial=True,
        help_text=_("A mark that is not upheld then goes back to marking. Without this it is only recorded."),
    )
    completed_by = forms.ChoiceField(
        label=_("As a step of a course it is done by"), choices=CompletedBy.choices, initial=CompletedBy.PASSED
    )

    @classmethod
    def of(cls, row: Assignment, data: Any = None) -> AssignmentForm:
        own = [name for name in cls.base_fields if name not in ("title", "summary", "ways", "endings")]
        return cls(
            data,
            initial={
                **{name: getattr(row, name) for name in own},
                "title": row.element.title,
                "summary": row.element.summary,
                "ways": [way for way, _label in WAYS if getattr(row, f"takes_{way}")],
                "endings": ", ".join(row.endings),
            },
        )

    def clean_endings(self) -> list[str]:
        said = self.cleaned_data["endings"].replace(",", " ").lower().split()
        endings = list(dict.fromkeys(one.lstrip(".") for one in said))
        if unknown := [one for one in endings if one not in ENDINGS]:
            raise forms.ValidationError(
                gettext("Files of this kind cannot be kept: %(kind)s. These can: %(kinds)s."),
                params={"kind": unknown[0], "kinds": ", ".join(ENDINGS)},
            )
        return endings

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        due, closes = cleaned.get("due_at"), cleaned.get("closes_at")
        if due and closes and due > closes:
            self.add_error("closes_at", gettext("Work is due before it is no longer taken."))
        if cleaned.get("is_on_the_job"):
            for name in ("is_group", "is_anonymous"):
                if cleaned.get(name):
                    self.add_error(name, gettext("Not together with work that is confirmed by a supervisor."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What the services take."""
        said = dict(self.cleaned_data)
        ways, said["late_points"] = said.pop("ways"), said["late_points"] or 0
        for name in ("tolerance", "moderation", "moderation_share", "borderline"):
            if said[name] in (None, ""):
                del said[name]
        return {**said, **{f"takes_{way}": way in ways for way, _label in WAYS}}


class HandinRubricForm(forms.Form):
    """A rubric as lines: a criterion, its weight, then its levels, as in ``Structure (2): missing 0, partly 1, clear 2``."""

    text = forms.CharField(
        label=_("Rubric"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One criterion a line: its name, its weight in brackets when it counts more than once, a colon, then levels with"
            " points, as in “Structure (2): missing 0, partly 1, clear 2”."
        ),
    )

    def clean_text(self) -> list[dict[str, Any]]:
        return [_criterion(line) for line in self.cleaned_data["text"].splitlines() if line.strip()]


def _criterion(line: str) -> dict[str, Any]:
    refused = forms.ValidationError(gettext("This line cannot be read: %(line)s"), params={"line": line[:80]})
    try:
        title, levels = criterion_of(line)
    except RubricLineError:
        raise refused from None
    weight: int | None = 1
    if title.endswith(")") and "(" in title:
        title, _bracket, number = title.removesuffix(")").rpartition("(")
        title, weight = title.strip(), whole_number(number, most=MOST_WEIGHT)
    if not title or not weight:
        raise refused
    return {"title": title[:LONGEST], "weight": weight, "levels": levels}


def rubric_text(rubric: Rubric | None) -> str:
    """The criteria as the form takes them."""
    return "\n".join(
        (one["title"] + (f" ({one['weight']})" if one["weight"] > 1 else "") + ": ")
        + ", ".join(f"{level['title']} {level['points']}" for level in one["levels"])
        for one in (rubric.criteria if rubric else [])
    )
