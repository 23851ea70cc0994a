"""What a QTI 3 item says of each type of question; refused (NotCarriedError) where it would be read back otherwise."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from assessments.exporters.qti3_item import ItemWriter, mapping_of
from assessments.exporters.reasons import NotCarriedError
from assessments.exporters.shares import choice_shares
from assessments.exporters.sources import media_in
from assessments.question_types.base import decimal_in, items_in, text_in, texts_in
from assessments.question_types.choices import is_right, own_fraction
from assessments.question_types.gap_select import pieces_of


def not_carried(writer: ItemWriter) -> str:
    raise NotCarriedError(writer.version.type)


def _choice_rows(writer: ItemWriter, tag: str) -> str:
    rows = []
    for n, choice in enumerate(items_in(writer.body, "choices")):
        feedback = text_in(choice, "feedback")
        said = (
            f'<qti-feedback-inline outcome-identifier="FEEDBACK" identifier="C{n}" show-hide="show">{writer.html(feedback)}</qti-feedback-inline>'
            if feedback
            else ""
        )
        rows.append(f'<{tag} identifier="C{n}">{writer.html(text_in(choice, "text"))}{said}</{tag}>')
    return "".join(rows)


def _choice(writer: ItemWriter) -> str:
    choices = items_in(writer.body, "choices")
    several = writer.version.type == "multiple"
    right = [f"C{n}" for n, choice in enumerate(choices) if is_right(choice)]
    shares = choice_shares(writer.body, several=several)
    exact = (
        writer.body.get("all_or_nothing") is True
        if several
        else len(right) == 1 and set(shares) <= {Decimal(0), Decimal(1)}
    )
    mapping = ""
    if not exact:
        if any((share > 0) != is_right(choice) for share, choice in zip(shares, choices, strict=True)) and several:
            raise NotCarriedError("fraction")
        mapping = mapping_of(
            zip((f"C{n}" for n in range(len(choices))), shares, strict=True),
            floor=writer.body.get("negative") is not True,
        )
        writer.mapped()
    writer.declare("multiple" if several else "single", "identifier", right if several else right[:1], mapping)
    shuffle = str(writer.body.get("shuffle", True) is not False).lower()
    return (
        f'{writer.stem}<qti-choice-interaction response-identifier="RESPONSE" shuffle="{shuffle}" max-choices="{0 if several else 1}">'
        f"{_choice_rows(writer, 'qti-simple-choice')}</qti-choice-interaction>"
    )


def _true_false(writer: ItemWriter) -> str:
    rows = []
    for word in ("true", "false"):
        feedback = text_in(writer.body, f"feedback_{word}")
        said = (
            f'<qti-feedback-inline outcome-identifier="FEEDBACK" identifier="{word}" show-hide="show">{writer.html(feedback)}</qti-feedback-inline>'
            if feedback
            else ""
        )
        rows.append(f'<qti-simple-choice identifier="{word}">{word.capitalize()}{said}</qti-simple-choice>')
    writer.declare("single", "identifier", ["true" if writer.body.get("answer") is True else "false"])
    return f'{writer.stem}<qti-choice-interaction response-identifier="RESPONSE" shuffle="false" max-choices="1">{"".join(rows)}</qti-choice-interaction>'


def _exact_words(body: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    if body.get("ignore_accents") is True:
        raise NotCarriedError("ignore_accents")
    rows = []
    for answer in items_in(body, "answers"):
        pattern = text_in(answer, "text")
        plain = pattern.replace(r"\*", "\x1f")
        if "*" in plain:
            raise NotCarriedError("*")
        rows.append(
            (" ".join(plain.replace("\x1f", "*").split()), decimal_in(answer.get("fraction", 1), default=Decimal(0)))
        )
    return rows


def _short_text(writer: ItemWriter) -> str:
    _entry(writer, writer.body, "RESPONSE")
    writer.mapped()
    return f'{writer.stem}<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>'


def _entry(writer: ItemWriter, gap: Mapping[str, Any], name: str, weight: int = 1) -> None:
    rows = _exact_words(gap)
    if any(text_in(answer, "feedback") for answer in items_in(gap, "answers")):
        raise NotCarriedError("feedback")
    mapping = mapping_of(
        [(key, share * weight) for key, share in rows], floor=True, case=gap.get("case_sensitive") is True
    )
    best = max(rows, key=lambda row: row[1], default=("", Decimal(0)))[0]
    writer.declare("single", "string", [best], mapping, name)


def _numeric(writer: ItemWriter) -> str:
    answers = items_in(writer.body, "answers")
    if len(answers) != 1 or text_in(answers[0], "feedback"):
        raise NotCarriedError("answers")
    if text_in(writer.body, "unit") or items_in(writer.body, "units"):
        raise NotCarriedError("unit")
    (answer,) = answers
    writer.declare("single", "float", [str(answer.get("value", ""))])
    writer.rule = _near(answer)
    return f'{writer.stem}<p><qti-text-entry-interaction response-identifier="RESPONSE"/></p>'


def _near(answer: Mapping[str, Any]) -> str:
    kind, tolerance = (
        text_in(answer, "tolerance_kind") or "absolute",
        decimal_in(answer.get("tolerance", 0), default=Decimal(0)),
    )
    inner = '<qti-variable identifier="RESPONSE"/><qti-correct identifier="RESPONSE"/>'
    if kind == "figures":
        test = (
            f'<qti-equal-rounded rounding-mode="significantFigures" figures="{tolerance:f}">{inner}</qti-equal-rounded>'
        )
    else:
        said = f"{(tolerance * (100 if kind == 'relative' else 1)).normalize():f}"
        test = f'<qti-equal tolerance-mode="{kind}" tolerance="{said} {said}">{inner}</qti-equal>'
    return (
        f"<qti-response-processing><qti-response-condition><qti-response-if>{test}"
        '<qti-set-outcome-value identifier="SCORE"><qti-base-value base-type="float">1</qti-base-value></qti-set-outcome-value>'
        "</qti-response-if></qti-response-condition></qti-response-processing>"
    )


def _matching(writer: ItemWriter) -> str:
    pairs = items_in(writer.body, "pairs")
    answers = list(dict.fromkeys([text_in(pair, "answer") for pair in pairs] + texts_in(writer.body, "distractors")))
    right = [f"L{n} R{answers.index(text_in(pair, 'answer'))}" for n, pair in enumerate(pairs)]
    writer.declare("multiple", "directedPair", right, mapping_of([(pair, Decimal(1)) for pair in right], floor=True))
    writer.mapped()
    left = "".join(
        f'<qti-simple-associable-choice identifier="L{n}" match-max="1">{writer.html(text_in(pair, "text"))}</qti-simple-associable-choice>'
        for n, pair in enumerate(pairs)
    )
    other = "".join(
        f'<qti-simple-associable-choice identifier="R{n}" match-max="{len(pairs)}">{escape(text)}</qti-simple-associable-choice>'
        for n, text in enumerate(answers)
    )
    return (
        f'{writer.stem}<qti-match-interaction response-identifier="RESPONSE" shuffle="true" max-associations="{len(pairs)}">'
        f"<qti-simple-match-set>{left}</qti-simple-match-set><qti-simple-match-set>{other}</qti-simple-match-set></qti-match-interaction>"
    )


def _ordering(writer: ItemWriter) -> str:
    if writer.body.get("grading") != "exact":
        raise NotCarriedError("grading")
    items = items_in(writer.body, "items")
    writer.declare("ordered", "identifier", [f"C{n}" for n in range(len(items))])
    rows = "".join(
        f'<qti-simple-choice identifier="C{n}">{writer.html(text_in(item, "text"))}</qti-simple-choice>'
        for n, item in enumerate(items)
    )
    return f'{writer.stem}<qti-order-interaction response-identifier="RESPONSE" shuffle="true">{rows}</qti-order-interaction>'


def _drag_text(writer: ItemWriter) -> str:
    choices = items_in(writer.body, "choices")
    if len({str(one.get("group", 1)) for one in choices}) > 1:
        raise NotCarriedError("group")
    text, right = [], []
    for html, place in pieces_of(writer.body, count=len(choices)):
        text.append(html)
        if place is not None:
            right.append(f"W{place} G{len(right)}")
            text.append(f"\ue030{len(right) - 1}\ue031")
    words = "".join(
        f'<qti-gap-text identifier="W{n}" match-max="{0 if one.get("again") is True else 1}">{escape(text_in(one, "text"))}</qti-gap-text>'
        for n, one in enumerate(choices)
    )
    writer.declare("multiple", "directedPair", right, mapping_of([(pair, Decimal(1)) for pair in right], floor=True))
    writer.mapped()
    inner = writer.html("".join(text))
    for n in range(len(right)):
        inner = inner.replace(f"\ue030{n}\ue031", f'<qti-gap identifier="G{n}"/>')
    shuffle = str(writer.body.get("shuffle", True) is not False).lower()
    # A gap match holds blocks: text that stands alone gets one around it.
    block = (
        inner
        if inner.startswith(("<p", "<div", "<ul", "<ol", "<table", "<blockquote", "<h"))
        else f"<div>{inner}</div>"
    )
    return f'<qti-gap-match-interaction response-identifier="RESPONSE" shuffle="{shuffle}">{words}{block}</qti-gap-match-interaction>'


def _cloze(writer: ItemWriter) -> str:
    gaps, text, made = items_in(writer.body, "gaps"), [], []
    for html, place in pieces_of(writer.body, count=len(gaps)):
        text.append(html)
        if place is not None:
            text.append(f"\ue030{len(made)}\ue031")
            made.append(_gap(writer, gaps[place], f"R{len(made) + 1}"))
    if len(made) == 1:
        raise NotCarriedError("cloze")  # read back, it would be a question of its gap's own type
    writer.mapped()
    inner = writer.html("".join(text))
    for n, gap in enumerate(made):
        inner = inner.replace(f"\ue030{n}\ue031", gap)
    return inner


def _gap(writer: ItemWriter, gap: Mapping[str, Any], name: str) -> str:
    kind, weight = text_in(gap, "type"), int(gap.get("weight", 1))
    if kind == "short_text":
        _entry(writer, gap, name, weight)
        return f'<qti-text-entry-interaction response-identifier="{name}"/>'
    if kind != "single" or gap.get("look") == "radios":
        raise NotCarriedError(kind)
    choices = items_in(gap, "choices")
    if any(text_in(one, "feedback") for one in choices) or any(own_fraction(one) is not None for one in choices):
        raise NotCarriedError("feedback")
    right = [f"C{n}" for n, one in enumerate(choices) if is_right(one)]
    mapping = mapping_of([(one, Decimal(weight)) for one in right], floor=True)
    writer.declare("single", "identifier", right[:1], mapping, name)
    rows = "".join(
        f'<qti-inline-choice identifier="C{n}">{writer.html(text_in(one, "text"))}</qti-inline-choice>'
        for n, one in enumerate(choices)
    )
    shuffle = str(gap.get("shuffle", True) is not False).lower()
    return f'<qti-inline-choice-interaction response-identifier="{name}" shuffle="{shuffle}">{rows}</qti-inline-choice-interaction>'


def _hotspot(writer: ItemWriter) -> str:
    several = writer.body.get("several") is True
    if several:
        raise NotCarriedError("several")
    areas, rows = items_in(writer.body, "areas"), []
    right = [f"A{n}" for n, area in enumerate(areas) if area.get("correct") is True]
    if len(right) != 1:
        raise NotCarriedError("areas")
    for n, area in enumerate(areas):
        coords = ",".join(str(number) for number in area.get("coords") or [])
        rows.append(
            f'<qti-hotspot-choice shape="{text_in(area, "shape")}" coords={quoteattr(coords)} identifier="A{n}" hotspot-label={quoteattr(text_in(area, "name"))}/>'
        )
        if text_in(area, "feedback"):
            writer.feedback(f"A{n}", "FEEDBACK", text_in(area, "feedback"))
    writer.declare("single", "identifier", right)
    src = media_in(text_in(writer.body, "picture"), writer.media, writer.used, folder="media/")
    size = f'width="{writer.body.get("width", 0)}" height="{writer.body.get("height", 0)}"'
    return (
        f'{writer.stem}<qti-hotspot-interaction response-identifier="RESPONSE" max-choices="1">'
        f'<img src="{src}" {size} alt={quoteattr(text_in(writer.body, "alt"))}/>{"".join(rows)}</qti-hotspot-interaction>'
    )


def _essay(writer: ItemWriter) -> str:
    if any(writer.body.get(name) for name in ("template", "marker_notes", "minimum_words", "maximum_words")):
        raise NotCarriedError("template")
    writer.declare("single", "string", [])
    return f'{writer.stem}<qti-extended-text-interaction response-identifier="RESPONSE"/>'


def _file_upload(writer: ItemWriter) -> str:
    if writer.body.get("most_files", 1) != 1 or writer.body.get("endings") or writer.body.get("marker_notes"):
        raise NotCarriedError("endings")
    writer.declare("single", "file", [])
    return f'{writer.stem}<qti-upload-interaction response-identifier="RESPONSE"/>'


BODIES: dict[str, Callable[[ItemWriter], str]] = {
    "single": _choice,
    "multiple": _choice,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
    "drag_text": _drag_text,
    "cloze": _cloze,
    "hotspot": _hotspot,
    "essay": _essay,
    "file_upload": _file_upload,
}
