"""The interactions of QTI as bodies of our question types."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from assessments.importers.cloze_text import number_text
from assessments.importers.pictures import picture_size
from assessments.importers.qti_reading import GAP_MARK, Declaration, HtmlWriter, attribute, flag
from assessments.importers.results import QuestionRefusedError
from assessments.importers.safe_xml import XmlElement
from assessments.question_types.base import storable
from ecosystem.markup import clean_html, clean_line, plain_text

Body = dict[str, Any]


@dataclass
class ItemFacts:
    """What the readers of interactions need to know of the item around them.

    mapped: the points of each answer count; otherwise only everything right. tolerance: of numbers, with its kind.
    """

    writer: HtmlWriter
    declarations: dict[str, Declaration]
    mapped: bool
    tolerance: tuple[str, str] = ("0", "absolute")
    feedback: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def declaration(self, interaction: XmlElement) -> Declaration:
        name = attribute(interaction, "responseIdentifier")
        if name not in self.declarations:
            raise QuestionRefusedError(_("The item does not say what is right."))
        return self.declarations[name]

    def earns(self, declaration: Declaration) -> bool:
        return self.mapped and bool(declaration.mapping)

    def line(self, element: XmlElement) -> str:
        return clean_line(self.writer.inside(element))

    def words(self, element: XmlElement) -> str:
        html = clean_html(self.writer.inside(element))
        if "<img" in html:
            raise QuestionRefusedError(_("The question has pictures in a list of answers, where only words can stand."))
        return plain_text(html)


def choice(facts: ItemFacts, interaction: XmlElement) -> tuple[str, Body]:
    declaration = facts.declaration(interaction)
    several = declaration.cardinality != "single"
    choices = [_choice(facts, one, declaration, several=several) for one in interaction.all("simpleChoice")]
    body: Body = {"choices": choices, "shuffle": flag(interaction, "shuffle")}
    names = {attribute(one, "identifier") for one in interaction.all("simpleChoice")}
    if not several and names == {"true", "false"} and not declaration.mapping:
        return "true_false", _true_false(facts, interaction, declaration)
    if several and not facts.earns(declaration):
        body["all_or_nothing"] = True
    if any(Decimal(one.get("fraction", 0)) < 0 for one in choices) and not declaration.has_floor:
        body["negative"] = True
    return ("multiple" if several else "single"), body


def _choice(facts: ItemFacts, element: XmlElement, declaration: Declaration, *, several: bool) -> Body:
    name = attribute(element, "identifier")
    inline = [one for one in element.children if one.tag in {"feedbackInline", "feedbackBlock"}]
    element.content = [part for part in element.content if isinstance(part, str) or part not in inline]
    feedback = "".join(facts.writer.inside(one) for one in inline) or facts.feedback.pop(name, "")
    made: Body = {"text": facts.line(element), "correct": name in declaration.correct, "feedback": clean_html(feedback)}
    if facts.earns(declaration):
        share = _share(declaration, name, several=several)
        made["correct"] = share > 0 if several else share == 1
        if several or share not in (0, 1):
            made["fraction"] = format(share.normalize(), "f")
    return made


def _share(declaration: Declaration, name: str, *, several: bool) -> Decimal:
    """Return what an answer earns of everything there is to earn, -1..1."""
    positive = [value for value in declaration.mapping.values() if value > 0]
    whole = sum(positive) if several else max(positive, default=0.0)
    if not whole:
        raise QuestionRefusedError(_("No answer of this question earns anything."))
    share = Decimal(str(declaration.mapping.get(name, 0.0))) / Decimal(str(whole))
    return min(max(share, Decimal(-1)), Decimal(1)).quantize(Decimal("0.0000001")).normalize()


def _true_false(facts: ItemFacts, interaction: XmlElement, declaration: Declaration) -> Body:
    said = {
        attribute(one, "identifier"): _choice(facts, one, declaration, several=False)["feedback"]
        for one in interaction.all("simpleChoice")
    }
    if declaration.correct not in (["true"], ["false"]):
        raise QuestionRefusedError(_("Say whether the statement is true or false."))
    return {
        "answer": declaration.correct == ["true"],
        "feedback_true": said["true"],
        "feedback_false": said["false"],
    }


def order(facts: ItemFacts, interaction: XmlElement) -> tuple[str, Body]:
    declaration = facts.declaration(interaction)
    texts = {attribute(one, "identifier"): facts.line(one) for one in interaction.all("simpleChoice")}
    if sorted(declaration.correct) != sorted(texts):
        raise QuestionRefusedError(_("The right order does not name each item once."))
    return "ordering", {"items": [{"text": texts[name]} for name in declaration.correct], "grading": "exact"}


def match(facts: ItemFacts, interaction: XmlElement) -> tuple[str, Body]:
    sets = list(interaction.all("simpleMatchSet"))
    if len(sets) != 2:
        raise QuestionRefusedError(_("Matching needs two sets."))
    left = {attribute(one, "identifier"): facts.line(one) for one in sets[0].all("simpleAssociableChoice")}
    right = {attribute(one, "identifier"): facts.words(one) for one in sets[1].all("simpleAssociableChoice")}
    partners: dict[str, list[str]] = {}
    for one, two in _pairs(facts.declaration(interaction)):
        partners.setdefault(one, []).append(two)
    if set(partners) != set(left) or any(len(found) != 1 or found[0] not in right for found in partners.values()):
        raise QuestionRefusedError(_("Matching comes in only where each item of the first set has one partner."))
    used = {found[0] for found in partners.values()}
    if not facts.earns(facts.declaration(interaction)):
        facts.notices.append(_("In the file only everything right earns points; here each right part earns its share."))
    return "matching", {
        "pairs": [{"text": text, "answer": right[partners[name][0]]} for name, text in left.items()],
        "distractors": [text for name, text in right.items() if name not in used],
    }


def _pairs(declaration: Declaration) -> list[tuple[str, str]]:
    values = declaration.correct or [key for key, value in declaration.mapping.items() if value > 0]
    pairs = [tuple(value.split()) for value in values]
    if any(len(pair) != 2 for pair in pairs):
        raise QuestionRefusedError(_("The pairs that are right cannot be read."))
    return [(pair[0], pair[1]) for pair in pairs]


def gap_match(facts: ItemFacts, interaction: XmlElement, text: str) -> tuple[str, Body]:
    """`text`: the HTML of the interaction with the identifiers of its gaps between marks."""
    words = list(interaction.all("gapText"))
    if any(interaction.all("gapImg")):
        raise QuestionRefusedError(_("The question has pictures in a list of answers, where only words can stand."))
    places = {attribute(one, "identifier"): n for n, one in enumerate(words, start=1)}
    right = {two: one for one, two in _pairs(facts.declaration(interaction))}
    gaps = GAP_MARK.findall(text)
    if set(gaps) != set(right) or any(name not in places for name in right.values()):
        raise QuestionRefusedError(_("Not every gap has its right word."))
    uses = list(right.values())
    choices = [
        {
            "text": facts.words(one),
            "group": "1",
            "again": attribute(one, "matchMax", "1") != "1" or uses.count(attribute(one, "identifier")) > 1,
        }
        for one in words
    ]
    if not facts.earns(facts.declaration(interaction)):
        facts.notices.append(_("In the file only everything right earns points; here each right part earns its share."))
    numbered = GAP_MARK.sub(lambda found: f"[[{places[right[found[1]]]}]]", text.replace("[[", "[ ["))
    return "drag_text", {"text": clean_html(numbered), "choices": choices, "shuffle": flag(interaction, "shuffle")}


def hotspot(facts: ItemFacts, interaction: XmlElement) -> tuple[str, Body]:
    declaration = facts.declaration(interaction)
    holder = next((one for one in interaction.walk() if one.tag in {"object", "img"}), None)
    if holder is None:
        raise QuestionRefusedError(_("The question has no picture."))
    placeholder, content = facts.writer.file(attribute(holder, "data") or attribute(holder, "src"))
    width, height = picture_size(content)
    alt = attribute(holder, "alt") or " ".join(holder.text.split())
    if not alt:
        facts.notices.append(_("A picture has no alternative text for people who cannot see it."))
    spots = list(interaction.all("hotspotChoice"))
    areas = [_area(facts, one, n, declaration) for n, one in enumerate(spots, start=1)]
    return "hotspot", {
        "picture": placeholder,
        "alt": storable(alt) or _("Picture"),
        "width": _pixels(holder, "width") or width,
        "height": _pixels(holder, "height") or height,
        "several": declaration.cardinality != "single",
        "areas": areas,
    }


def _area(facts: ItemFacts, element: XmlElement, number: int, declaration: Declaration) -> Body:
    label = storable(attribute(element, "hotspotLabel"))
    if not label:
        facts.notices.append(_("The places in the picture have no names; give them some for people who cannot see it."))
    name = attribute(element, "identifier")
    right = declaration.correct or [key for key, value in declaration.mapping.items() if value > 0]
    return {
        "name": label or _("Place %(number)s") % {"number": number},
        "shape": attribute(element, "shape"),
        "coords": [number_text(part) for part in re.split(r"[,\s]+", attribute(element, "coords")) if part][:400],
        "correct": name in right,
        "feedback": clean_html(facts.feedback.pop(name, "")),
    }


def _pixels(element: XmlElement, name: str) -> int:
    text = attribute(element, name)
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0


def extended_text(facts: ItemFacts, interaction: XmlElement) -> tuple[str, Body]:
    return "essay", {"minimum_words": 0, "maximum_words": 0, "template": "", "marker_notes": ""}


def upload(facts: ItemFacts, interaction: XmlElement) -> tuple[str, Body]:
    return "file_upload", {"most_files": 1, "endings": []}


def gap_of(facts: ItemFacts, interaction: XmlElement) -> Body:
    """Return the gap of a text: typed words, a number, or a list."""
    declaration = facts.declaration(interaction)
    weight = _weight(declaration) if facts.earns(declaration) else 1
    if interaction.tag == "inlineChoiceInteraction":
        choices = [_choice(facts, one, declaration, several=False) for one in interaction.all("inlineChoice")]
        return {
            "type": "single",
            "weight": weight,
            "look": "list",
            "choices": choices,
            "shuffle": flag(interaction, "shuffle"),
        }
    if declaration.base_type in {"integer", "float"}:
        return {"type": "numeric", "weight": weight, "answers": _numbers(facts, declaration)}
    answers, sensitive = _typed(facts, declaration)
    return {"type": "short_text", "weight": weight, "answers": answers, "case_sensitive": sensitive}


def _weight(declaration: Declaration) -> int:
    best = max(declaration.mapping.values(), default=1.0)
    return int(best) if best == int(best) and 1 <= best <= 100 else 1


def _earning(facts: ItemFacts, declaration: Declaration) -> list[tuple[str, Decimal]]:
    """Return each right answer with its share. The best earns everything."""
    if facts.earns(declaration):
        rows = [
            (key, _share(declaration, key, several=False)) for key, value in declaration.mapping.items() if value > 0
        ]
        return sorted(rows, key=lambda row: -row[1])
    return [(value, Decimal(1)) for value in declaration.correct[:1]]


def _numbers(facts: ItemFacts, declaration: Declaration) -> list[Body]:
    tolerance, kind = facts.tolerance
    return [
        {
            "value": number_text(value),
            "tolerance": tolerance,
            "tolerance_kind": kind,
            "fraction": format(share.normalize(), "f"),
        }
        for value, share in _earning(facts, declaration)
    ]


def _typed(facts: ItemFacts, declaration: Declaration) -> tuple[list[Body], bool]:
    rows = _earning(facts, declaration)
    sensitive = [key in declaration.case_sensitive for key, _share in rows] if facts.earns(declaration) else [True]
    if any(sensitive) and not all(sensitive):
        facts.notices.append(_("Capitals count for all answers of a gap or for none; here they count."))
    answers = [{"text": value.replace("*", r"\*"), "fraction": format(share.normalize(), "f")} for value, share in rows]
    return answers, any(sensitive)


BLOCKS: dict[str, Callable[[ItemFacts, XmlElement], tuple[str, Body]]] = {
    "choiceInteraction": choice,
    "orderInteraction": order,
    "matchInteraction": match,
    "hotspotInteraction": hotspot,
    "extendedTextInteraction": extended_text,
    "uploadInteraction": upload,
}
INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})
