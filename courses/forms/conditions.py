"""The form of one predicate, made from what it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.models import Activity
from ecosystem.models import Element, Membership
from ecosystem.periods import UNITS
from ecosystem.predicates import Ask, Predicate, moment_of
from ecosystem.rules import is_author
from ecosystem.visibility import elements_for

MOST_ELSEWHERE = 200


class PeriodWidget(forms.MultiWidget):
    def __init__(self) -> None:
        number = forms.NumberInput(attrs={"min": 0, "aria-label": gettext_lazy("How many")})
        unit = forms.Select(
            choices=list(UNITS.items()), attrs={"aria-label": gettext_lazy("Minutes, hours, days or weeks")}
        )
        super().__init__([number, unit])

    def decompress(self, value: Any) -> list[Any]:
        return [next(iter(value.values())), next(iter(value))] if value else [None, "days"]


class PeriodField(forms.MultiValueField):
    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.IntegerField(min_value=0), forms.ChoiceField(choices=list(UNITS.items())))
        super().__init__(fields, widget=PeriodWidget(), **kwargs)

    def compress(self, values: list[Any]) -> dict[str, int] | None:
        return {values[1]: values[0]} if values else None


class MomentWidget(forms.MultiWidget):
    def __init__(self) -> None:
        day = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "aria-label": gettext_lazy("Day")})
        hour = forms.TimeInput(
            format="%H:%M", attrs={"type": "time", "aria-label": gettext_lazy("Time, if it matters")}
        )
        super().__init__([day, hour])

    def decompress(self, value: Any) -> list[Any]:
        moment = moment_of(value) if value else None
        if moment is None:
            return [None, None]
        return [moment, moment.time()] if isinstance(moment, datetime) else [moment, None]


class MomentField(forms.MultiValueField):
    """A day, and a time when it matters."""

    def __init__(self, **kwargs: Any) -> None:
        fields = (forms.DateField(), forms.TimeField(required=False))
        super().__init__(fields, widget=MomentWidget(), require_all_fields=False, **kwargs)

    def compress(self, values: list[Any]) -> str | None:
        if not values or values[0] is None:
            return None
        day: str = values[0].isoformat()
        return day if values[1] is None else f"{day}T{values[1].strftime('%H:%M')}"


class PredicateForm(forms.Form):
    """``activities`` are those of the plan, whose elements are offered first; then others that are open to ``by``."""

    def __init__(
        self, *args: Any, predicate: Predicate, activities: Sequence[Activity], by: Membership, value: Any = None,
        **kwargs: Any,
    ):  # fmt: skip
        self.predicate, self.by = predicate, by
        kwargs["initial"] = predicate.args(value) if value is not None else {}
        super().__init__(*args, **kwargs)
        for ask in predicate.asks:
            if ask.sort != "yes":
                current = kwargs["initial"].get(ask.name)
                choices = _elements(ask, activities, current, by) if ask.sort == "element" else ()
                self.fields[ask.name] = field_of(ask, choices)

    def suggestions(self) -> list[tuple[str, list[Any]]]:
        """(id of the list, words) of the texts that may be chosen or written."""
        return [
            (f"list-{ask.name}", ask.choices())
            for ask in self.predicate.asks
            if ask.sort == "text" and (is_author(self.by) or not ask.tells) and ask.choices()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        args = {ask.name: True if ask.sort == "yes" else _plain(cleaned.get(ask.name)) for ask in self.predicate.asks}
        self.value = self.predicate.value(args)
        for line in self.predicate.problems(self.value):
            self.add_error(None, line[:1].upper() + line[1:])
        return cleaned

    @property
    def leaf(self) -> dict[str, Any]:
        return {self.predicate.key: self.value}


def _plain(value: Any) -> Any:
    """Whole percents are kept as such; nothing is None."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value


def field_of(ask: Ask, elements: Sequence[Any] = ()) -> forms.Field:
    """The field of one thing; ``elements`` are the choices where it asks for an element."""
    common: dict[str, Any] = {"label": ask.label, "help_text": ask.help, "required": ask.required}
    if ask.sort == "element":
        return forms.TypedChoiceField(choices=elements, coerce=int, empty_value=None, **common)
    if ask.sort == "choice" or (ask.sort == "number" and ask.choices()):
        coerce = int if ask.sort == "number" else str
        return forms.TypedChoiceField(
            choices=[("", _("Choose…")), *ask.choices()], coerce=coerce, empty_value=None, **common
        )  # fmt: skip
    if ask.sort == "number":
        return forms.IntegerField(min_value=ask.lowest, max_value=ask.highest, **common)
    if ask.sort == "percent":
        return forms.FloatField(
            min_value=ask.lowest, max_value=ask.highest, widget=forms.NumberInput(attrs={"step": "any"}), **common
        )  # fmt: skip
    if ask.sort == "moment":
        return MomentField(**common)
    if ask.sort == "period":
        return PeriodField(**common)
    listed = {"list": f"list-{ask.name}"} if ask.choices() else {}
    return forms.CharField(max_length=200, widget=forms.TextInput(attrs=listed), **common)


def _elements(ask: Ask, activities: Sequence[Activity], current: Any, by: Membership) -> list[Any]:
    """What is in the course, in its order; then the rest of the ecosystem that ``by`` may open, and what is named now."""
    kinds = ask.kinds()
    here = {a.target_id: a.title for a in activities if not kinds or a.target.kind in kinds}
    others = elements_for(by).exclude(pk__in=here).order_by("title")
    if kinds:
        others = others.filter(kind__in=kinds)
    elsewhere = list(others.values_list("pk", "title")[:MOST_ELSEWHERE])
    if current and current not in here and current not in dict(elsewhere):
        elsewhere += Element.objects.filter(pk=current).values_list("pk", "title")
    groups = [(_("In this course"), list(here.items())), (_("Elsewhere"), elsewhere)]
    return [("", _("Choose…")), *(group for group in groups if group[1])]
