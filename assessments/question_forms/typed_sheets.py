"""Sheets of choices and of answers that are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.question_forms.common import area
from assessments.question_forms.rows import ChoiceRow, NumberRow, TextAnswerRow
from assessments.question_forms.sheet import Body, Cleaned, Sheet, flag, lines_in, share_of, worth_of
from assessments.question_types.base import items_in, text_in
from assessments.texts import html_of, line_html_of, line_text_of, text_of


class ChoiceSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        shuffle = flag(_("Answers in another order each time"), initial=True)
        negative = flag(_("Wrong answers may cost points"), _("The question can then end below zero."))

    row, row_title = ChoiceRow, _("Answers")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        choices = [
            {
                "text": line_html_of(row["text"]),
                "correct": row["correct"],
                "feedback": html_of(row["feedback"]),
                **share_of(row),
            }
            for row in rows
        ]
        return {"choices": choices, **options}

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        text, options, rows = super().filled(body, stem)
        return text, {**options, "shuffle": body.get("shuffle", True) is not False}, rows

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [
            {
                "text": line_text_of(text_in(choice, "text")),
                "correct": choice.get("correct") is True,
                "worth": worth_of(choice),
                "feedback": text_of(text_in(choice, "feedback")),
            }
            for choice in items_in(body, "choices")
        ]


class SeveralSheet(ChoiceSheet):
    class options(ChoiceSheet.options):  # noqa: N801
        all_or_nothing = flag(_("Only exactly the right set earns points"))


class TrueFalseSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        answer = forms.TypedChoiceField(
            label=_("The statement is"), choices=[("true", _("true")), ("false", _("false"))],
            coerce=lambda value: value == "true", widget=forms.RadioSelect,
        )  # fmt: skip
        feedback_true = forms.CharField(label=_("To who says true"), required=False, widget=area(2))
        feedback_false = forms.CharField(label=_("To who says false"), required=False, widget=area(2))

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        said = {name: html_of(options[name]) for name in ("feedback_true", "feedback_false")}
        return {"answer": options["answer"], **said}

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        said = {name: text_of(text_in(body, name)) for name in ("feedback_true", "feedback_false")}
        return text_of(stem), {"answer": "true" if body.get("answer") is True else "false", **said}, []


class ShortTextSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        case_sensitive = flag(_("Capitals count"))
        ignore_accents = flag(_("Accents do not count"), _("cafe is then as good as café."))

    row, row_title = TextAnswerRow, _("Answers that count. A * stands for any words.")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        answers = [
            {"text": row["text"].strip(), "feedback": html_of(row["feedback"]), **({"fraction": "1"} | share_of(row))}
            for row in rows
        ]
        return {"answers": answers, **options}

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [
            {
                "text": text_in(answer, "text"),
                "worth": worth_of(answer),
                "feedback": text_of(text_in(answer, "feedback")),
            }
            for answer in items_in(body, "answers")
        ]


class NumericSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        unit = forms.CharField(label=_("Unit"), required=False, max_length=40)
        unit_needed = flag(_("The unit must be written too"))
        units = forms.CharField(
            label=_("Other units"), required=False, widget=area(2),
            help_text=_("One per line, with how many make one of the unit above: cm = 100"),
        )  # fmt: skip

    row, row_title = NumberRow, _("Numbers that count")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        answers = [
            {
                "value": row["value"].strip().replace(",", "."),
                "tolerance": row["tolerance"].strip().replace(",", ".") or "0",
                "tolerance_kind": row["tolerance_kind"] or "absolute",
                "feedback": html_of(row["feedback"]),
                **({"fraction": "1"} | share_of(row)),
            }
            for row in rows
        ]
        body: Body = {"answers": answers, "unit": options["unit"].strip()}
        others = [line.partition("=") for line in lines_in(options["units"])]
        if others:
            body["units"] = [
                {"name": name.strip(), "factor": factor.strip().replace(",", ".")} for name, _equals, factor in others
            ]
        return {**body, "unit_needed": True} if options["unit_needed"] else body

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        units = "\n".join(f"{text_in(unit, 'name')} = {unit.get('factor', '')}" for unit in items_in(body, "units"))
        options = {"unit": text_in(body, "unit"), "unit_needed": body.get("unit_needed") is True, "units": units}
        return text_of(stem), options, self.rows(body)

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [
            {
                "value": str(answer.get("value", "")),
                "tolerance": str(answer.get("tolerance", "")),
                "tolerance_kind": text_in(answer, "tolerance_kind") or "absolute",
                "worth": worth_of(answer),
                "feedback": text_of(text_in(answer, "feedback")),
            }
            for answer in items_in(body, "answers")
        ]
