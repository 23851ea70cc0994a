"""QTI items: one XML file to ImportedQuestion, or refused with line and reason."""

import re
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.building import Builder
from assessments.importers.qti_bodies import BLOCKS, INLINE, ItemFacts, gap_match, gap_of
from assessments.importers.qti_reading import (
    INTERACTION,
    Files,
    HtmlWriter,
    attribute,
    declarations_in,
    flag,
    no_files,
    normalise,
)
from assessments.importers.results import ImportResult, QuestionRefusedError
from assessments.importers.safe_xml import XmlElement, XmlRefusedError, read_xml
from ecosystem.markup import clean_html, plain_text

# What a rule for marking may be made of to mean "all of it right" or "the points of each answer".
_KNOWN_RULES = frozenset(
    [
        "responseProcessing",
        "responseCondition",
        "responseIf",
        "responseElse",
        "responseElseIf",
        "match",
        "variable",
        "correct",
        "setOutcomeValue",
        "baseValue",
        "sum",
        "mapResponse",
        "isNull",
        "and",
        "or",
        "not",
        "equal",
        "equalRounded",
        "mapOutcome",
        "lookupOutcomeValue",
        "default",
        "null",
        "multiple",
        "member",
        "responseProcessingFragment",
        "gt",
        "gte",
        "lt",
        "lte",
        "contains",
    ]
)
_TEMPLATES = ("match_correct", "map_response", "CC2_match_basic", "CC2_match")


def parse_qti_item(data: bytes, *, filename: str) -> ImportResult:
    """Return the item, or why not. Never raises."""
    builder = Builder(filename=filename)
    add_item(builder, data, file=filename)
    builder.finish()
    return builder.result


def add_item(
    builder: Builder,
    data: bytes,
    *,
    file: str,
    files: Files = no_files,
    folder: str = "",
    tags: tuple[str, ...] | None = None,
    difficulty: int | None = None,
) -> None:
    """Read one item of a package into the builder; what is wrong with it is kept there."""
    line, name = 0, ""
    try:
        root = read_xml(data)
        normalise(root)
        line = root.line
        name = attribute(root, "title") or attribute(root, "identifier")
        type_key, facts = _read(root, files, folder)
        builder.add(
            type_key, facts.pop("body"), line=line, kind="qti", name=attribute(root, "title"),
            identifier=attribute(root, "identifier"), file=file, tags=tags, difficulty=difficulty, **facts,
        )  # fmt: skip
    except (QuestionRefusedError, XmlRefusedError) as refused:
        at = refused.line if isinstance(refused, XmlRefusedError) else line
        builder.refuse(str(refused), line=at, name=name, file=file)


def _read(root: XmlElement, files: Files, folder: str) -> tuple[str, dict[str, Any]]:
    _refuse_what_changes(root)
    body = root.first("itemBody")
    if body is None:
        raise QuestionRefusedError(_("The question has no text."))
    interactions = [one for one in body.walk() if one.tag.endswith("Interaction")]
    writer = HtmlWriter(files=files, folder=folder, placed=lambda element: _placed(element, interactions))
    rules = root.first("responseProcessing")
    facts = ItemFacts(
        writer=writer,
        declarations=declarations_in(root),
        mapped=_is_mapped(rules),
        tolerance=_tolerance(rules),
        feedback=_modal(root, writer),
        notices=_rule_notices(rules),
    )
    type_key, made, stem = _question(facts, body, interactions)
    general = clean_html("".join(facts.feedback.values()))
    return type_key, {
        "body": made,
        "stem": stem,
        "feedback": general,
        "notices": facts.notices,
        "attachments": writer.attachments.values(),
        "hints": _hints(root, writer),
    }


def _refuse_what_changes(root: XmlElement) -> None:
    if root.tag != "assessmentItem":
        raise QuestionRefusedError(_("This is XML, but not an item of QTI 2 or 3."))
    if flag(root, "adaptive"):
        raise QuestionRefusedError(_("The item changes while it is answered (adaptive); that is not supported."))
    if any(one.tag in {"templateDeclaration", "templateProcessing"} for one in root.children):
        raise QuestionRefusedError(_("The item draws values by chance (template); that is not supported."))


def _question(facts: ItemFacts, body: XmlElement, interactions: list[XmlElement]) -> tuple[str, dict[str, Any], str]:
    kinds = [one.tag for one in interactions]
    if not kinds:
        raise QuestionRefusedError(_("The item asks nothing that can be answered."))
    if all(kind in INLINE for kind in kinds):
        return _gaps(facts, body, interactions)
    if len(kinds) > 1:
        raise QuestionRefusedError(_("The item asks several things at once; make an item of each."))
    (interaction,) = interactions
    around = facts.writer.inside(body).replace(INTERACTION, "")
    prompt = facts.writer.inside(interaction.first("prompt"))
    stem = clean_html(f"{around}<div>{prompt}</div>" if prompt.strip() else around)
    if interaction.tag == "gapMatchInteraction":
        type_key, made = _gap_match(facts, interaction)
        made["text"] = stem.replace("[[", "[ [") + made["text"]
        return type_key, made, re.sub(r"\[\[[0-9]{1,3}\]\]", "____", made["text"])
    if interaction.tag not in BLOCKS:
        raise QuestionRefusedError(_("%(kind)s is not supported.") % {"kind": interaction.tag})
    type_key, made = BLOCKS[interaction.tag](facts, interaction)
    return type_key, made, stem


def _gap_match(facts: ItemFacts, interaction: XmlElement) -> tuple[str, dict[str, Any]]:
    text = XmlElement(tag="div", attributes={}, line=interaction.line)
    apart = {"prompt", "gapText", "gapImg"}
    text.content = [one for one in interaction.content if isinstance(one, str) or one.tag not in apart]
    return gap_match(facts, interaction, facts.writer.inside(text))


def _gaps(facts: ItemFacts, body: XmlElement, interactions: list[XmlElement]) -> tuple[str, dict[str, Any], str]:
    gaps = [gap_of(facts, one) for one in interactions]
    numbers = iter(range(1, len(gaps) + 1))
    html = facts.writer.inside(body)
    text = clean_html(re.sub(INTERACTION, lambda _found: f"[[{next(numbers)}]]", html.replace("[[", "[ [")))
    alone = re.sub(r"<(p|div)>\s*\[\[1\]\]\s*</\1>", "", text)
    if len(gaps) == 1 and gaps[0]["type"] != "single" and "[[1]]" not in alone and plain_text(alone):
        made = {name: value for name, value in gaps[0].items() if name not in {"type", "weight"}}
        return gaps[0]["type"], made, clean_html(alone)
    return "cloze", {"text": text, "gaps": gaps}, re.sub(r"\[\[[0-9]{1,3}\]\]", "____", text)


def _placed(element: XmlElement, interactions: list[XmlElement]) -> str | None:
    if any(element is one for one in interactions):
        return INTERACTION
    if element.tag == "gap":
        return f"\ue010{attribute(element, 'identifier')}\ue011"
    return None


def _is_mapped(rules: XmlElement | None) -> bool:
    if rules is None:
        return False
    if "map_response" in attribute(rules, "template"):
        return True
    return any(one.tag == "mapResponse" for one in rules.walk())


def _tolerance(rules: XmlElement | None) -> tuple[str, str]:
    for one in rules.walk() if rules is not None else ():
        mode = attribute(one, "toleranceMode")
        found = attribute(one, "tolerance").split()
        if one.tag == "equal" and mode in {"absolute", "relative"} and found:
            number = found[0] if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,20})?", found[0]) else "0"
            return (number, "absolute") if mode == "absolute" else (_hundredth(number), "relative")
        if one.tag == "equalRounded" and attribute(one, "roundingMode") == "significantFigures":
            return attribute(one, "figures", "3"), "figures"
    return "0", "absolute"


def _hundredth(number: str) -> str:
    """A relative tolerance is a percentage in QTI and a share here."""
    whole, _dot, part = number.partition(".")
    digits = whole.rjust(3, "0")
    return f"{digits[:-2]}.{digits[-2:]}{part}"


def _rule_notices(rules: XmlElement | None) -> list[str]:
    if rules is None:
        return [_("The item does not say how it is marked: it is right when everything is right.")]
    template = attribute(rules, "template")
    unknown = sorted({one.tag for one in rules.walk()} - _KNOWN_RULES)
    if unknown:
        raise QuestionRefusedError(
            _("The item is marked by a rule of its own that cannot be kept (%(names)s).")
            % {"names": ", ".join(unknown[:5])}
        )
    if rules.children and not template:
        return []
    if template and not any(known in template for known in _TEMPLATES):
        return [_("The item is marked by a rule that is not in it: it is right when everything is right.")]
    return []


def _modal(root: XmlElement, writer: HtmlWriter) -> dict[str, str]:
    """Return the feedback of the item by the identifier that shows it; several for one follow each other."""
    found: dict[str, str] = {}
    for one in root.children:
        if one.tag == "modalFeedback" and attribute(one, "outcomeIdentifier") != "HINT":
            name = attribute(one, "identifier")
            found[name] = found.get(name, "") + f"<div>{writer.inside(one)}</div>"
    return found


def _hints(root: XmlElement, writer: HtmlWriter) -> list[str]:
    rows = (
        one for one in root.children if one.tag == "modalFeedback" and attribute(one, "outcomeIdentifier") == "HINT"
    )
    return [html for html in (clean_html(writer.inside(one)) for one in rows) if html]
