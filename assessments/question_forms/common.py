"""What is asked about every question."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Difficulty, Objective, Question, QuestionVersion
from assessments.services.banks import MOST_POINTS
from assessments.texts import LONGEST, html_of, text_of
from ecosystem.models import Element


class TagsField(forms.CharField):
    """Words with commas between them."""

    def clean(self, value: Any) -> list[str]:
        words = [" ".join(word.split())[:100] for word in super().clean(value).split(",")]
        return list(dict.fromkeys(word for word in words if word))[:30]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


def area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class QuestionForm(forms.Form):
    """Texts are Markdown, or HTML where they begin with a tag."""

    stem = forms.CharField(label=_("Question"), max_length=LONGEST, widget=area(4))
    feedback = forms.CharField(
        label=_("Why it is so"), required=False, max_length=LONGEST, widget=area(),
        help_text=_("Shown afterwards, whatever somebody answered."),
    )  # fmt: skip
    hints = forms.CharField(
        label=_("Hints"), required=False, max_length=LONGEST, widget=area(),
        help_text=_("Shown one by one to who asks. An empty line begins the next hint."),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name"), required=False, max_length=250, help_text=_("For authors only. Makes it easy to find.")
    )
    category = forms.CharField(label=_("Category"), required=False, max_length=500)
    objective = forms.ModelChoiceField(
        label=_("Learning objective"), queryset=Objective.objects.none(), required=False, empty_label=_("None")
    )
    tags = TagsField(label=_("Tags"), required=False, max_length=1000, help_text=_("With commas between them."))
    difficulty = forms.TypedChoiceField(
        label=_("Difficulty"), required=False, coerce=int, empty_value=None,
        choices=[("", _("Not said")), *Difficulty.choices],
    )  # fmt: skip
    review_on = forms.DateField(
        label=_("Look at it again on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    points = forms.IntegerField(label=_("Points"), min_value=1, max_value=MOST_POINTS, initial=1)

    def __init__(self, *args: Any, bank: Element, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["objective"].queryset = Objective.objects.filter(element=bank).order_by("text")  # type: ignore[attr-defined]

    @property
    def content(self) -> dict[str, Any]:
        """What the service takes beside type, stem and body."""
        found = self.cleaned_data
        return {
            "feedback": html_of(found["feedback"]),
            "hints": [html_of(hint) for hint in found["hints"].replace("\r\n", "\n").split("\n\n") if hint.strip()],
            **{
                name: found[name]
                for name in ("name", "category", "objective", "tags", "difficulty", "review_on", "points")
            },
        }


class MediaForm(forms.Form):
    """What is added to the question; sent along with its form, which must not wait for it."""

    use_required_attribute = False
    media = forms.FileField(
        label=_("Picture, sound or film"),
        help_text=_("PNG, JPEG or GIF up to 5 MB; MP3, M4A, OGG, WAV, MP4 or WebM up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,audio/*,video/mp4,video/webm"}),
    )
    media_says = forms.CharField(
        label=_("What it shows or says"),
        max_length=300,
        help_text=_("For people who cannot see or hear it, without giving the answer away."),
    )


def filled(question: Question, version: QuestionVersion) -> dict[str, Any]:
    """What the form begins with for a question that is there; its sheet says what the stem is."""
    return {
        "stem": text_of(version.stem),
        "feedback": text_of(version.feedback),
        "hints": "\n\n".join(" ".join(text_of(hint).split("\n\n")) for hint in version.hints),
        "points": version.points,
        "objective": question.objective_id,
        **{name: getattr(question, name) for name in ("name", "category", "tags", "difficulty", "review_on")},
    }
