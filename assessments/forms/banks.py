"""Forms of banks: a new one, which questions to list, and what to change for many of them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, Difficulty, Objective
from assessments.question_forms.common import TagsField
from assessments.selectors import bank_questions
from assessments.selectors.banks import Wish
from assessments.selectors.bulk_edits import Change
from assessments.services.questions import MOST_AT_ONCE
from ecosystem.models import Element
from ecosystem.scope import current_scope

FILTERS = ("q", "type", "tag", "objective", "difficulty", "author", "review", "retired")
ACTS = ("tag", "untag", "objective", "difficulty", "review", "retire", "restore", "move", "quiz")


class BankForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    summary = forms.CharField(label=gettext_lazy("In one sentence"), max_length=500, required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=lambda: settings.LANGUAGES)


def wish_in(data: Mapping[str, str]) -> Wish:
    """Which questions a query asks for; what cannot be read does not limit."""

    def words(name: str, most: int = 200) -> str:
        return data.get(name, "").strip()[:most].replace("\x00", "")

    def number(name: str) -> int | None:
        text = words(name, 12)
        return int(text) if text.isascii() and text.isdecimal() and int(text) < 2**31 else None

    return Wish(
        text=words("q"),
        type=words("type", 20),
        tag=words("tag", 100),
        objective=number("objective"),
        difficulty=number("difficulty"),
        author=words("author"),
        review_by=timezone.localdate() if words("review", 5) == "due" else _day(words("review", 10)),
        retired=words("retired", 5) == "1",
    )


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


class BulkForm(forms.Form):
    """``act`` says what changes, ``chosen`` for which; with ``all`` for everything that the query found, once one is ``sure``."""

    act = forms.ChoiceField(choices=[(act, act) for act in ACTS])
    tags = TagsField(required=False, max_length=1000)
    # Not "objective" and "difficulty": these narrow down what was found.
    new_objective = forms.ModelChoiceField(queryset=Objective.objects.none(), required=False)
    new_difficulty = forms.TypedChoiceField(
        choices=[("", ""), *Difficulty.choices], coerce=int, required=False, empty_value=0
    )
    review_on = forms.DateField(required=False)
    to = forms.ModelChoiceField(queryset=Element.objects.none(), required=False)
    quiz = forms.ModelChoiceField(queryset=Assessment.objects.none(), required=False)

    def __init__(self, data: QueryDict, *, bank: Element) -> None:
        super().__init__(data)
        self.bank = bank
        self.fields["new_objective"].queryset = Objective.objects.filter(element=bank)  # type: ignore[attr-defined]
        banks = Element.objects.filter(kind="question_bank", environment_id=current_scope().environment_id)
        quizzes = Assessment.objects.filter(environment_id=current_scope().environment_id)
        self.fields["quiz"].queryset = quizzes.select_related("element")  # type: ignore[attr-defined]
        self.fields["to"].queryset = banks.exclude(pk=bank.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        act = found.get("act")
        if act in {"tag", "untag"} and not found.get("tags"):
            raise forms.ValidationError(_("Write at least one tag."))
        if act == "move" and not found.get("to"):
            raise forms.ValidationError(_("Choose another bank."))
        if act == "quiz" and not found.get("quiz"):
            raise forms.ValidationError(_("Choose a quiz."))
        if not self.chosen:
            raise forms.ValidationError(_("Tick at least one question."))
        return found

    @property
    def query(self) -> str:
        return urlencode({name: self.data[name] for name in FILTERS if self.data.get(name)})

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What is to be sent again by who is sure."""
        names = [name for name in (*FILTERS, "all", *self.fields) if self.data.get(name)]
        return [(name, self.data[name]) for name in names]

    @property
    def is_for_all(self) -> bool:
        return self.data.get("all") == "1"

    @property
    def is_sure(self) -> bool:
        return not self.is_for_all or self.data.get("sure") == "1"

    @property
    def found(self) -> dict[str, str] | None:
        """By what the questions were found, for the audit log; None when they were ticked one by one."""
        return {name: self.data[name] for name in FILTERS if self.data.get(name)} if self.is_for_all else None

    @cached_property
    def chosen(self) -> list[int]:
        """The ids of the questions it is about."""
        if self.is_for_all:
            found = bank_questions(bank=self.bank, wish=wish_in(self.data))
            return list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
        ticked = self.data.getlist("chosen")  # type: ignore[attr-defined]
        return [int(pk) for pk in ticked[:MOST_AT_ONCE] if pk.isascii() and pk.isdecimal() and len(pk) < 19]

    @property
    def change(self) -> Change:
        found = self.cleaned_data
        act = found["act"]
        return Change(
            add_tags=tuple(found["tags"]) if act == "tag" else (),
            remove_tags=tuple(found["tags"]) if act == "untag" else (),
            objective=(found["new_objective"] or False) if act == "objective" else None,
            difficulty=found["new_difficulty"] if act == "difficulty" else None,
            review_on=(found["review_on"] or False) if act == "review" else None,
            retired={"retire": True, "restore": False}.get(act),
        )
