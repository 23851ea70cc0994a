"""What may be typed about how an assessment is held."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment, Mode, Objective, Section
from assessments.showing import DURING, GIVEN, MOMENTS, THINGS, shown_at
from assessments.texts import LONGEST, html_of, text_of
from ecosystem.models import Element, Group


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SettingsForm(forms.Form):
    """The settings of an assessment, in groups as the page shows them."""

    mode = forms.ChoiceField(label=_("Kind"), choices=Mode.choices, widget=forms.RadioSelect)
    pass_percent = forms.FloatField(label=_("Pass mark, percent of the points"), min_value=0, max_value=100)
    people_mark = forms.BooleanField(
        label=_("Long texts and files count"),
        required=False,
        help_text=_("An instructor marks them; the score waits for that. Off: they are for practice only."),
    )
    second_marker = forms.BooleanField(
        label=_("Two markers"),
        required=False,
        help_text=_("Each marks without the other. When they differ, somebody decides."),
    )
    anonymous_marking = forms.BooleanField(
        label=_("Markers see no names"), required=False, help_text=_("They see a number instead.")
    )
    minimum_group = forms.IntegerField(
        label=_("Show answers of at least so many people together"),
        min_value=3,
        max_value=100,
        help_text=_("For surveys. With fewer, nothing is shown, and more are added only so many at a time."),
    )
    target_error = forms.FloatField(
        label=_("Stop when the ability is known to within"),
        min_value=0.1,
        max_value=3,
        help_text=_("Standard error in logits, for adaptive tests: 0.5 takes about 16 questions, 0.3 about 45."),
    )
    least_questions = forms.IntegerField(label=_("Ask at least so many"), min_value=1, max_value=500)
    most_questions = forms.IntegerField(label=_("Ask at most so many"), min_value=1, max_value=500)
    minutes_allowed = forms.IntegerField(
        label=_("Minutes for an attempt"),
        min_value=0,
        max_value=1440,
        help_text=_("0 is no limit. The clock of the server counts, and runs on when somebody leaves."),
    )
    grace_seconds = forms.IntegerField(
        label=_("Seconds of grace"),
        min_value=0,
        max_value=3600,
        help_text=_("Answers that come a little later, because the network was slow, still count."),
    )
    attempts_allowed = forms.IntegerField(
        label=_("Attempts"), min_value=0, max_value=100, help_text=_("0 is as many as one likes.")
    )
    wait_minutes = forms.IntegerField(
        label=_("Minutes between two attempts"),
        min_value=0,
        max_value=525600,
        help_text=_("1440 is a day. 0 is no pause."),
    )
    opens_at = forms.DateTimeField(label=_("Opens"), required=False, widget=MomentInput())
    closes_at = forms.DateTimeField(
        label=_("Closes"), required=False, widget=MomentInput(), help_text=_("Attempts that run then are handed in.")
    )
    shuffle_questions = forms.BooleanField(
        label=_("Questions in another order each time"), required=False, help_text=_("Within each section.")
    )
    shuffle_choices = forms.BooleanField(label=_("Choices in another order each time"), required=False)
    even_exposure = forms.BooleanField(
        label=_("Spread drawn questions evenly"),
        required=False,
        help_text=_("Questions that were shown less come first, and nobody meets one again while there are others."),
    )
    forward_only = forms.BooleanField(
        label=_("Only forward"), required=False, help_text=_("A question that has been left stays as it is.")
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        max_length=100,
        help_text=_("Asked for when starting. Empty leaves it as it is. It is kept as a hash: nobody can look it up."),
    )
    without_password = forms.BooleanField(label=_("Without a password"), required=False)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        self.assessment = assessment
        first = {name: getattr(assessment, name) for name in self.base_fields if hasattr(assessment, name)}
        first["pass_percent"] = round(assessment.pass_mark * 100, 2)
        super().__init__(*args, initial=first, **kwargs)
        for moment, label in MOMENTS.items():
            things = [(key, words) for key, words in THINGS.items() if moment != DURING or key != GIVEN]
            self.fields[f"show_{moment}"] = forms.MultipleChoiceField(
                label=label,
                choices=things,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=sorted(shown_at(assessment.review, moment)),
            )
        self.fields["show_while_open"].help_text = _(
            "Daily cards show right answers: without “the right answer” here, or after the quiz has closed, its questions"
            " never become cards."
        )
        self.fields["show_during"].help_text = _(
            "With anything here, an answer can be checked at once, and then stays as it is."
        )

    @property
    def groups(self) -> list[tuple[Any, list[Any], str]]:
        """(heading, fields, for which kinds alone) as the page shows them."""
        names = (
            (_("Kind"), ("mode",), ""),
            (_("What counts"), ("pass_percent", "people_mark", "second_marker", "anonymous_marking"), "for-marked"),
            (_("How nobody is told apart"), ("minimum_group",), "for-nameless"),
            (_("When an adaptive test ends"), ("target_error", "least_questions", "most_questions"), "for-adaptive"),
            (_("Time and attempts"), ("minutes_allowed", "grace_seconds", "attempts_allowed", "wait_minutes", "opens_at", "closes_at"), ""),
            (_("Questions"), ("shuffle_questions", "shuffle_choices", "even_exposure", "forward_only"), ""),
            (_("What learners see of it, and when"), tuple(f"show_{moment}" for moment in MOMENTS), "for-marked"),
            (_("Who may start"), ("password", "without_password"), ""),
        )  # fmt: skip
        return [(heading, [self[name] for name in fields], kinds) for heading, fields, kinds in names]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("It must open before it closes."))
        least, most = cleaned.get("least_questions"), cleaned.get("most_questions")
        if least and most and least > most:
            self.add_error("most_questions", _("This cannot be fewer than at least."))
        return cleaned

    def settings(self) -> dict[str, Any]:
        """As ``assessment_set`` takes them."""
        cleaned = dict(self.cleaned_data)
        review = {moment: cleaned.pop(f"show_{moment}") for moment in MOMENTS}
        password, without = cleaned.pop("password"), cleaned.pop("without_password")
        cleaned["pass_mark"] = cleaned.pop("pass_percent") / 100
        return {**cleaned, "review": review, "password": "" if without else password or None}


class SectionForm(forms.Form):
    """A part of the quiz; the text is written like that of a question."""

    title = forms.CharField(label=_("Title of the section"), max_length=200)
    text = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "A case, a passage or instructions, shown with each question of the section. Plain text, or Markdown."
        ),
    )

    def __init__(self, *args: Any, section: Section | None = None, **kwargs: Any) -> None:
        if section is not None:
            kwargs["initial"] = {"title": section.title, "text": text_of(section.text)}
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, str]:
        return {"title": self.cleaned_data["title"], "text": html_of(self.cleaned_data["text"])}


class DrawForm(forms.Form):
    """A random draw; what is left empty does not narrow it."""

    bank = forms.ModelChoiceField(label=_("Question bank"), queryset=Element.objects.none())
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=500)
    section = forms.ModelChoiceField(label=_("Section"), queryset=Section.objects.none(), required=False)
    category = forms.CharField(label=_("Category begins with"), required=False, max_length=250)
    objective = forms.ModelChoiceField(label=_("Learning objective"), queryset=Objective.objects.none(), required=False)
    tag = forms.CharField(label=_("Tag"), required=False, max_length=60)
    easiest = forms.IntegerField(
        label=_("Difficulty from"),
        required=False,
        min_value=1,
        max_value=5,
        help_text=_("1 is very easy, 5 is very hard."),
    )
    hardest = forms.IntegerField(label=_("Difficulty to"), required=False, min_value=1, max_value=5)

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = assessment.environment_id
        banks = Element.objects.filter(kind="question_bank", environment_id=here).order_by("title")
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]
        self.fields["section"].queryset = Section.objects.filter(assessment=assessment)  # type: ignore[attr-defined]
        objectives = Objective.objects.filter(environment_id=here, element__in=banks).order_by("text")
        self.fields["objective"].queryset = objectives  # type: ignore[attr-defined]


class ArrangeForm(forms.Form):
    """What is ticked on the page of questions goes into a section; none is before all sections."""

    section = forms.ModelChoiceField(queryset=Section.objects.none(), required=False)

    def __init__(self, data: QueryDict, *, assessment: Assessment) -> None:
        super().__init__(data)
        self.picked = data.getlist("picked")
        self.fields["section"].queryset = Section.objects.filter(assessment=assessment)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        if not self.ids("row") and not self.ids("draw"):
            raise forms.ValidationError(_("Tick at least one question or draw."))
        return super().clean() or {}

    def ids(self, what: str) -> list[int]:
        """The ids of what is ticked and of this kind."""
        found = [one.partition(":") for one in self.picked[:2000]]
        return [
            int(pk) for kind, _colon, pk in found if kind == what and pk.isascii() and pk.isdecimal() and len(pk) < 19
        ]


class OverrideForm(forms.Form):
    """Other terms for somebody, found by e-mail address, or for a group."""

    email = forms.EmailField(label=_("E-mail address of the person"), required=False)
    group = forms.ModelChoiceField(label=_("Or a group"), queryset=Group.objects.none(), required=False)
    extra_minutes = forms.IntegerField(label=_("Extra minutes"), min_value=0, max_value=1440, initial=0)
    attempts_allowed = forms.IntegerField(
        label=_("Attempts"),
        required=False,
        min_value=0,
        max_value=100,
        help_text=_("Empty is as for everybody, 0 is as many as one likes."),
    )
    opens_at = forms.DateTimeField(label=_("Opens"), required=False, widget=MomentInput())
    closes_at = forms.DateTimeField(label=_("Closes"), required=False, widget=MomentInput())
    because = forms.CharField(
        label=_("Because"), required=False, max_length=200, help_text=_("Only who holds this quiz sees it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = Group.objects.order_by("name")  # type: ignore[attr-defined]
