"""Questions as Moodle XML, which `importers.moodle_xml` reads back."""

import base64
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from assessments.exporters.cloze_writing import gap_written
from assessments.exporters.reasons import LeftOut, NotCarriedError, reason_of
from assessments.exporters.sources import Exported, Media, Source, media_in, xml_safe
from assessments.importers.moodle_bodies import ORDER_GRADINGS
from assessments.question_types.base import Body, decimal_in, items_in, text_in, texts_in
from assessments.question_types.choices import is_right, own_fraction
from assessments.question_types.gap_select import pieces_of
from assessments.question_types.registry import question_type

NAME = "Moodle XML"


def write_moodle_xml(sources: Iterable[Source], media: Mapping[str, Media], *, filename: str) -> Exported:
    """Return a <quiz> of the questions, by category; what Moodle has no place for is left out with the reason."""
    done = Exported(filename=f"{filename}.xml")
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n']
    category = ""
    for source in sources:
        try:
            written = _Writer(source, media).question()
        except NotCarriedError as error:
            label = str(question_type(source.version.type).label)
            reason = reason_of(error, format_name=NAME, label=label)
            done.left_out.append(LeftOut(source.question.identifier, source.question.name, reason))
            continue
        if source.question.category != category:
            category = source.question.category
            parts.append(_category(category))
        parts.append(written)
        done.written += 1
    done.content = xml_safe("".join([*parts, "</quiz>\n"])).encode()
    return done


def _category(category: str) -> str:
    path = "/".join(part.replace("/", "//") for part in category.split(" / ") if part)
    return f'<question type="category"><category><text>{escape(f"$course$/top/{path}".rstrip("/"))}</text></category></question>\n'


class _Writer:
    def __init__(self, source: Source, media: Mapping[str, Media]) -> None:
        self.question_row = source.question
        self.version = source.version
        self.body: Body = source.version.body
        self._media = media

    def question(self) -> str:
        kind, inner, stem = _BODIES.get(self.version.type, _unknown)(self)
        hints = "".join(f'<hint format="html">{self.inside(hint)}</hint>' for hint in self.version.hints)
        tags = "".join(f"<tag><text>{escape(tag)}</text></tag>" for tag in self.question_row.tags)
        return (
            f'<question type="{kind}"><name><text>{escape(self.question_row.name)}</text></name>'
            f"{self.html('questiontext', stem)}{self.html('generalfeedback', self.version.feedback)}"
            f"<defaultgrade>{self.version.points}</defaultgrade><idnumber>{escape(self.question_row.identifier)}</idnumber>"
            f"{inner}{hints}<tags>{tags}</tags></question>\n"
        )

    def html(self, tag: str, html: str, attributes: str = "") -> str:
        return f'<{tag}{attributes} format="html">{self.inside(html)}</{tag}>'

    def inside(self, html: str) -> str:
        used: dict[str, Media] = {}
        text = media_in(html, self._media, used, folder="@@PLUGINFILE@@/")
        files = "".join(
            f'<file name={quoteattr(one.filename)} path="/" encoding="base64">{base64.b64encode(one.read()).decode()}</file>'
            for one in used.values()
        )
        return f"<text>{escape(text)}</text>{files}"

    def answer(self, item: Mapping[str, Any], share: Decimal, text: str, more: str = "") -> str:
        percent = f"{(share * 100).quantize(Decimal('0.0000001')).normalize():f}"
        feedback = text_in(item, "feedback")
        said = self.html("feedback", feedback) if feedback else ""
        return f'<answer fraction="{percent}" format="html">{text}{more}{said}</answer>'

    def plain_answer(self, item: Mapping[str, Any], text: str, more: str = "") -> str:
        share = decimal_in(item.get("fraction", 1), default=Decimal(0))
        return self.answer(item, share, f"<text>{escape(text)}</text>", more)

    @property
    def shuffle(self) -> str:
        return f"<shuffleanswers>{'0' if self.body.get('shuffle', True) is False else '1'}</shuffleanswers>"


Written = tuple[str, str, str]


def _unknown(writer: _Writer) -> Written:
    raise NotCarriedError(writer.version.type)


def _single(writer: _Writer) -> Written:
    rows = []
    for choice in items_in(writer.body, "choices"):
        share = Decimal(1) if is_right(choice) else min(own_fraction(choice) or Decimal(0), Decimal("0.99999"))
        if share < 0 and writer.body.get("negative") is not True:
            share = Decimal(0)
        rows.append(writer.answer(choice, share, writer.inside(text_in(choice, "text"))))
    return "multichoice", f"<single>true</single>{writer.shuffle}{''.join(rows)}", writer.version.stem


def _multiple(writer: _Writer) -> Written:
    choices = items_in(writer.body, "choices")
    if writer.body.get("all_or_nothing") is True:
        rows = [writer.answer(one, Decimal(int(is_right(one))), writer.inside(text_in(one, "text"))) for one in choices]
        return "multichoiceset", writer.shuffle + "".join(rows), writer.version.stem
    if writer.body.get("negative") is True:
        raise NotCarriedError("negative")
    right = sum(map(is_right, choices))
    rows = []
    for choice in choices:
        own = own_fraction(choice)
        rule = Decimal(1) / right if is_right(choice) else -Decimal(1) / (len(choices) - right)
        share = rule if own is None else own
        if is_right(choice) != (share > 0):  # Moodle tells right from wrong by the share alone
            raise NotCarriedError("fraction")
        rows.append(writer.answer(choice, share, writer.inside(text_in(choice, "text"))))
    return "multichoice", f"<single>false</single>{writer.shuffle}{''.join(rows)}", writer.version.stem


def _true_false(writer: _Writer) -> Written:
    right = writer.body.get("answer") is True
    rows = [
        writer.answer(
            {"feedback": text_in(writer.body, f"feedback_{word}")},
            Decimal(int(right is (word == "true"))),
            f"<text>{word}</text>",
        )
        for word in ("true", "false")
    ]
    return "truefalse", "".join(rows), writer.version.stem


def _short_text(writer: _Writer) -> Written:
    if writer.body.get("ignore_accents") is True:
        raise NotCarriedError("ignore_accents")
    rows = [writer.plain_answer(one, text_in(one, "text")) for one in items_in(writer.body, "answers")]
    case = "1" if writer.body.get("case_sensitive") is True else "0"
    return "shortanswer", f"<usecase>{case}</usecase>{''.join(rows)}", writer.version.stem


def _numeric(writer: _Writer) -> Written:
    rows = []
    for answer in items_in(writer.body, "answers"):
        tolerance = f"<tolerance>{_tolerance(answer)}</tolerance>"
        rows.append(writer.plain_answer(answer, str(answer.get("value", "")), tolerance))
    unit = text_in(writer.body, "unit")
    units = ([(unit, "1")] if unit else []) + [
        (text_in(one, "name"), str(one.get("factor", ""))) for one in items_in(writer.body, "units")
    ]
    said = "".join(
        f"<unit><multiplier>{escape(factor)}</multiplier><unit_name>{escape(name)}</unit_name></unit>"
        for name, factor in units
    )
    needed = "1" if writer.body.get("unit_needed") is True else "0"
    grading = (
        f"<units>{said}</units><unitgradingtype>{needed}</unitgradingtype><unitpenalty>1</unitpenalty>" if said else ""
    )
    return "numerical", "".join(rows) + grading, writer.version.stem


def _tolerance(answer: Mapping[str, Any]) -> str:
    """A relative tolerance is a distance for a given value, so Moodle can carry it."""
    kind = text_in(answer, "tolerance_kind")
    tolerance = decimal_in(answer.get("tolerance", 0), default=Decimal(0))
    if kind == "figures":
        raise NotCarriedError("figures")
    if kind == "relative":
        tolerance *= abs(decimal_in(answer.get("value"), default=Decimal(0)))
    return f"{tolerance.normalize():f}"


def _matching(writer: _Writer) -> Written:
    rows = [(text_in(pair, "text"), text_in(pair, "answer")) for pair in items_in(writer.body, "pairs")]
    rows += [("", text) for text in texts_in(writer.body, "distractors")]
    said = "".join(
        f'<subquestion format="html">{writer.inside(text)}<answer><text>{escape(escape(answer))}</text></answer></subquestion>'
        for text, answer in rows
    )
    return "matching", f"<shuffleanswers>1</shuffleanswers>{said}", writer.version.stem


def _ordering(writer: _Writer) -> Written:
    wanted = text_in(writer.body, "grading") or "place"
    grading = next(name for name, known in ORDER_GRADINGS.items() if known == wanted and name.isidentifier())
    rows = "".join(
        f'<answer fraction="{n}" format="html">{writer.inside(text_in(item, "text"))}</answer>'
        for n, item in enumerate(items_in(writer.body, "items"), start=1)
    )
    return "ordering", f"<selecttype>ALL</selecttype><gradingtype>{grading}</gradingtype>{rows}", writer.version.stem


def _gaps(tag: str, kind: str) -> Callable[[_Writer], Written]:
    def write(writer: _Writer) -> Written:
        choices = items_in(writer.body, "choices")
        numbers = {
            name: n for n, name in enumerate(dict.fromkeys(str(one.get("group", 1)) for one in choices), start=1)
        }
        rows = "".join(
            f"<{tag}><text>{escape(escape(text_in(one, 'text')))}</text><group>{numbers[str(one.get('group', 1))]}</group>"
            f"{'<infinite/>' if one.get('again') is True else ''}</{tag}>"
            for one in choices
        )
        return kind, writer.shuffle + rows, text_in(writer.body, "text")

    return write


def _cloze(writer: _Writer) -> Written:
    gaps, parts = items_in(writer.body, "gaps"), []
    for html, place in pieces_of(writer.body, count=len(gaps)):
        if "{" in html and ":" in html:
            raise NotCarriedError("{")
        parts.append(html)
        if place is not None:
            parts.append(gap_written(gaps[place], _as_html))
    return "cloze", "", "".join(parts)


def _as_html(html: str) -> str:
    return html


def _essay(writer: _Writer) -> Written:
    body = writer.body
    inner = (
        "<responseformat>editor</responseformat>"
        f"<minwordlimit>{body.get('minimum_words') or ''}</minwordlimit><maxwordlimit>{body.get('maximum_words') or ''}</maxwordlimit>"
        f"{writer.html('graderinfo', text_in(body, 'marker_notes'))}"
        f"{writer.html('responsetemplate', escape(text_in(body, 'template')))}"
    )
    return "essay", inner, writer.version.stem


def _file_upload(writer: _Writer) -> Written:
    endings = ",".join(f".{ending}" for ending in texts_in(writer.body, "endings"))
    inner = (
        "<responseformat>noinline</responseformat><attachmentsrequired>1</attachmentsrequired>"
        f"<attachments>{writer.body.get('most_files', 1)}</attachments><filetypeslist>{escape(endings)}</filetypeslist>"
        f"{writer.html('graderinfo', text_in(writer.body, 'marker_notes'))}"
    )
    return "essay", inner, writer.version.stem


_BODIES: dict[str, Callable[[_Writer], Written]] = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "gap_select": _gaps("selectoption", "gapselect"),
    "drag_text": _gaps("dragbox", "ddwtos"),
    "cloze": _cloze,
    "essay": _essay,
    "file_upload": _file_upload,
}
