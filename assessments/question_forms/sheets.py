"""Sheets of texts with gaps, pairs, orders, pictures and free answers; and which sheet each type has."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.exporters.cloze_writing import gap_written
from assessments.exporters.reasons import NotCarriedError
from assessments.importers.cloze_text import cloze_gap, cloze_text
from assessments.question_forms.common import area
from assessments.question_forms.rows import AreaRow, DragWordRow, PairRow, TextRow, WordRow
from assessments.question_forms.sheet import Body, Cleaned, Sheet, flag, lines_in
from assessments.question_forms.typed_sheets import (
    ChoiceSheet,
    NumericSheet,
    SeveralSheet,
    ShortTextSheet,
    TrueFalseSheet,
)
from assessments.question_types.base import items_in, text_in, texts_in
from assessments.question_types.ordering import GRADINGS
from assessments.texts import html_of, line_html_of, line_text_of, text_of


class MatchingSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        distractors = forms.CharField(
            label=_("Answers that belong to nothing"), required=False, widget=area(2), help_text=_("One per line.")
        )

    row, row_title = PairRow, _("Pairs")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        pairs = [{"text": line_html_of(row["text"]), "answer": row["answer"].strip()} for row in rows]
        return {"pairs": pairs, "distractors": lines_in(options["distractors"])}

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        return text_of(stem), {"distractors": "\n".join(texts_in(body, "distractors"))}, self.rows(body)

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [
            {"text": line_text_of(text_in(pair, "text")), "answer": text_in(pair, "answer")}
            for pair in items_in(body, "pairs")
        ]


class OrderingSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        grading = forms.ChoiceField(
            label=_("How it is marked"),
            choices=list(
                zip(
                    GRADINGS,
                    (
                        _("Each item in its place"),
                        _("Each item followed by the right one"),
                        _("The longest run in order"),
                        _("All or nothing"),
                    ),
                    strict=True,
                )
            ),
        )

    row, row_title = TextRow, _("Items in the right order")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        return {"items": [{"text": line_html_of(row["text"])} for row in rows], **options}

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [{"text": line_text_of(text_in(item, "text"))} for item in items_in(body, "items")]


class GapSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        shuffle = flag(_("Words in another order each time"), initial=True)

    row, row_title = WordRow, _("Words. The first belongs in [[1]], the second in [[2]]; the rest belong nowhere.")
    stem_help = _("Write [[1]] where the first word belongs.")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        choices = [
            {
                "text": row["text"].strip(),
                "group": row["group"].strip() or "1",
                **({"again": True} if row.get("again") else {}),
            }
            for row in rows
        ]
        return {"text": html_of(text), "choices": choices, **options}

    def stem(self, text: str, body: Body) -> str:
        return re.sub(r"\[\[[0-9]{1,3}\]\]", "____", body["text"])

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        return text_of(text_in(body, "text")), {"shuffle": body.get("shuffle", True) is not False}, self.rows(body)

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [
            {
                "text": text_in(word, "text"),
                "group": str(word.get("group", "1")),
                "again": word.get("again") is True,
            }
            for word in items_in(body, "choices")
        ]


class DragSheet(GapSheet):
    row = DragWordRow


class ClozeSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        kept = forms.JSONField(required=False, widget=forms.HiddenInput)

    stem_help = _(
        "Write each gap where it stands: {1:SHORTANSWER:=Paris~%50%Lyon} for words, {1:NUMERICAL:=9.8:0.1} for a number, "
        "{1:MULTICHOICE:=right~wrong#Why not} for a list. %50% is half of the points, # begins what to say to it."
    )

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        """QuestionRefusedError: a gap that cannot be read. `{1:KEEP:2}` is the second gap as it was."""
        raw, found = cloze_text(text)
        numbers = iter(range(1, len(found) + 1))
        numbered = re.sub(r"\[\[0\]\]", lambda _found: f"[[{next(numbers)}]]", raw)
        kept = options["kept"] if isinstance(options.get("kept"), list) else []
        gaps = []
        for gap in found:
            place = int(gap.answers) - 1 if gap.type == "KEEP" and re.fullmatch(r"[0-9]{1,3}", gap.answers) else -1
            gaps.append(kept[place] if 0 <= place < len(kept) else cloze_gap(gap, line_html_of))
        return {"text": html_of(numbered), "gaps": gaps}

    def stem(self, text: str, body: Body) -> str:
        return re.sub(r"\[\[[0-9]{1,3}\]\]", "____", body["text"])

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        gaps = items_in(body, "gaps")

        def written(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            if not 0 <= place < len(gaps):
                return found[0]
            try:
                return gap_written(gaps[place], line_text_of)
            except NotCarriedError:
                return f"{{1:KEEP:{place + 1}}}"

        text = re.sub(r"\[\[([0-9]{1,3})\]\]", written, text_of(text_in(body, "text")))
        return text, {"kept": gaps}, []


class HotspotSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        upload = forms.FileField(
            label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif"}),
            help_text=_("PNG, JPEG or GIF. Leave empty to keep the one that is there."),
        )  # fmt: skip
        picture = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
        width = forms.IntegerField(required=False, widget=forms.HiddenInput)
        height = forms.IntegerField(required=False, widget=forms.HiddenInput)
        alt = forms.CharField(
            label=_("What the picture shows"), max_length=1000, help_text=_("For people who cannot see it.")
        )
        several = flag(_("More than one place is right"))

    row, row_title = AreaRow, _("Places in the picture. People who cannot see it choose by name.")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        areas = [
            {
                "name": row["name"].strip(),
                "shape": row["shape"] or "rect",
                "coords": [part for part in re.split(r"[,;\s]+", row["coords"]) if part],
                "correct": row["correct"],
                "feedback": html_of(row["feedback"]),
            }
            for row in rows
        ]
        kept = {name: options[name] for name in ("picture", "alt", "several")}
        return {**kept, "width": options["width"] or 0, "height": options["height"] or 0, "areas": areas}

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [
            {
                "name": text_in(area, "name"),
                "shape": text_in(area, "shape"),
                "coords": ", ".join(str(number) for number in area.get("coords") or []),
                "correct": area.get("correct") is True,
                "feedback": text_of(text_in(area, "feedback")),
            }
            for area in items_in(body, "areas")
        ]


class EssaySheet(Sheet):
    class options(forms.Form):  # noqa: N801
        minimum_words = forms.IntegerField(label=_("Fewest words"), min_value=0, max_value=99_999, initial=0)
        maximum_words = forms.IntegerField(
            label=_("Most words"), min_value=0, max_value=99_999, initial=0, help_text=_("0 is no limit.")
        )
        template = forms.CharField(label=_("To begin with"), required=False, widget=area())
        marker_notes = forms.CharField(label=_("Notes for who marks it"), required=False, widget=area())

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        return {**options, "marker_notes": html_of(options["marker_notes"])}

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        text, options, rows = super().filled(body, stem)
        return text, {**options, "marker_notes": text_of(text_in(body, "marker_notes"))}, rows


class FileSheet(EssaySheet):
    class options(forms.Form):  # noqa: N801
        most_files = forms.IntegerField(label=_("At most so many files"), min_value=1, max_value=20, initial=1)
        endings = forms.CharField(
            label=_("Kinds of files"),
            required=False,
            max_length=200,
            help_text=_("Such as: pdf, docx. Empty: all that are taken."),
        )
        marker_notes = forms.CharField(label=_("Notes for who marks it"), required=False, widget=area())

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        endings = [one.strip(". ").lower() for one in re.split(r"[,;\s]+", options["endings"]) if one.strip(". ")]
        return {**super().body(text, options, rows), "endings": endings}

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        text, options, rows = super().filled(body, stem)
        return text, {**options, "endings": ", ".join(texts_in(body, "endings"))}, rows


class LikertSheet(Sheet):
    class options(forms.Form):  # noqa: N801
        scale = forms.CharField(
            label=_("Steps of the scale"), widget=area(5), help_text=_("One per line, from least to most.")
        )

    row, row_title = TextRow, _("Statements")

    def body(self, text: str, options: Cleaned, rows: list[Cleaned]) -> Body:
        return {
            "statements": [{"text": line_html_of(row["text"])} for row in rows],
            "scale": lines_in(options["scale"]),
        }

    def filled(self, body: Body, stem: str) -> tuple[str, dict[str, Any], list[dict[str, Any]]]:
        return text_of(stem), {"scale": "\n".join(texts_in(body, "scale"))}, self.rows(body)

    def rows(self, body: Body) -> list[dict[str, Any]]:
        return [{"text": line_text_of(text_in(one, "text"))} for one in items_in(body, "statements")]


SHEETS: dict[str, Sheet] = {
    "single": ChoiceSheet(),
    "multiple": SeveralSheet(),
    "true_false": TrueFalseSheet(),
    "short_text": ShortTextSheet(),
    "numeric": NumericSheet(),
    "matching": MatchingSheet(),
    "ordering": OrderingSheet(),
    "gap_select": GapSheet(),
    "drag_text": DragSheet(),
    "cloze": ClozeSheet(),
    "hotspot": HotspotSheet(),
    "essay": EssaySheet(),
    "file_upload": FileSheet(),
    "likert": LikertSheet(),
}
