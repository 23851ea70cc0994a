"""What every sheet does: the form of its options, its rows, and how they become a body and back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from assessments.question_forms.rows import Row
from assessments.texts import html_of, text_of

Body = dict[str, Any]
Cleaned = Mapping[str, Any]


def flag(label: Any, help_text: Any = "", *, initial: bool = False) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False, initial=initial)


class Nothing(forms.Form):
    """A type without options."""


class Sheet:
    """One type. `stem_help` says how the text of the question is written, `row_title` what a row is."""

    options: type[forms.Form] = Nothing
    row: type[Row] | None = None
    row_title: Any = ""
    stem_help: Any = ""

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        """The body that was filled in."""
        raise NotImplementedError

    def stem(self, text: str, body: Body) -> str:
        """The stem as HTML; in a text with gaps they are lines."""
        return html_of(text)

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        """(text of the question, options, rows) of a body that is there."""
        return text_of(stem), {name: body.get(name) for name in self.options.base_fields}, self.rows(body)

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return []


def lines_in(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def share_of(row: Cleaned) -> dict[str, str]:
    return {} if row.get("worth") is None else {"fraction": format((row["worth"] / 100).normalize(), "f")}


def worth_of(item: Mapping[str, Any]) -> Decimal | None:
    try:
        return Decimal(str(item["fraction"])) * 100 if item.get("fraction") is not None else None
    except ArithmeticError:
        return None
