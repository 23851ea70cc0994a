r"""Questions as GIFT (docs.moodle.org, "GIFT format"), which `importers.gift` reads back.

Texts are HTML (`[html]`), patterns of short answers plain, as Moodle takes them. A question that would be asked or marked
otherwise is left out; what else has no place in GIFT (hints, points) is said in a note.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.translation import gettext as _

from assessments.exporters.reasons import LeftOut, NotCarriedError, reason_of
from assessments.exporters.shares import choice_shares
from assessments.exporters.sources import Exported, Media, Source, xml_safe
from assessments.importers.gift_reading import LONGEST_BLOCK, MOST_ANSWERS
from assessments.models import Question
from assessments.question_types.base import decimal_in, items_in, text_in, texts_in
from assessments.question_types.choices import is_right
from assessments.question_types.registry import question_type
from ecosystem.markup import ATTACHMENT_SCHEME

NAME = "GIFT"
_SIGNS = str.maketrans({**{sign: f"\\{sign}" for sign in "\\~=#{}:"}, "\n": r"\n", "\r": None})


def write_gift(sources: Iterable[Source], _media: Mapping[str, Media], *, filename: str) -> Exported:
    """Return a text file of the questions, by category; what GIFT has no place for is named."""
    done = Exported(filename=f"{filename}-gift.txt", media_type="text/plain; charset=utf-8")
    parts: list[str] = []
    category = ""
    for source in sources:
        row, notes = source.question, list(_not_kept(source))
        try:
            block = xml_safe(_block(source))
        except NotCarriedError as error:
            reason = reason_of(error, format_name=NAME, label=str(question_type(source.version.type).label))
            done.left_out.append(LeftOut(row.identifier, row.name, reason))
            continue
        if row.category != category:
            category = row.category
            parts.append(_category(category))
        parts.append(_comment(row) + block)
        done.notes += [LeftOut(row.identifier, row.name, note) for note in notes]
        done.written += 1
    done.content = "\n".join(parts).encode()
    return done


def _category(category: str) -> str:
    path = "/".join(part.replace("/", "//") for part in category.split(" / ") if part)
    return f"$CATEGORY: $course$/top/{path}".rstrip("/") + "\n"


def _comment(row: Question) -> str:
    named = [("id", row.identifier), *(("tag", tag) for tag in row.tags)]
    return "// " + " ".join(f"[{name}:{text.replace(']', chr(92) + ']')}]" for name, text in named) + "\n"


def _not_kept(source: Source) -> Iterator[str]:
    """What stays behind of a question that comes along."""
    if source.version.hints:
        yield _("The hints are not in the file.")
    if source.version.points != 1:
        yield _("The points are not in the file.")
    if source.version.body.get("shuffle", True) is False:
        yield _("That the order of the choices is fixed is not in the file.")


def _block(source: Source) -> str:
    version, row = source.version, source.question
    if any(text.endswith("\\") for text in (row.identifier, *row.tags)) or any(
        set(tag) & set("<>") for tag in row.tags
    ):
        raise NotCarriedError(_("identifier or tags"))
    write = _BODIES.get(version.type)
    if write is None:
        raise NotCarriedError(version.type)
    answers = write(version.body)
    general = f"\n\t####{_html(version.feedback)}" if version.feedback else ""
    title = f"::{row.name.translate(_SIGNS)}::" if row.name else ""
    block = f"{title}[html]{_html(version.stem)} {{{answers}{general}}}\n"
    if len(block) > LONGEST_BLOCK or answers.count("\n\t") > MOST_ANSWERS:
        raise NotCarriedError(_("too long"))
    return block


def _html(html: str) -> str:
    r"""A text as HTML. Cleaned as it is it has no `->` that could be the arrow of a pair; `[html]` at its beginning is no format."""
    if f"{ATTACHMENT_SCHEME}:" in html:
        raise NotCarriedError(_("picture"))
    safe = html.strip()
    return (f"&#91;{safe[1:]}" if safe.startswith("[") else safe).translate(_SIGNS)


def _row(sign: str, share: Decimal, text: str, feedback: str) -> str:
    whole = Decimal(int(sign == "="))
    percent = f"{(share * 100).quantize(Decimal('0.00001')).normalize():f}"
    # A text that begins with % would be read as a share.
    said = "" if share == whole and not text.startswith("%") else f"%{percent}%"
    return f"\n\t{sign}{said}{text}" + (f"#{_html(feedback)}" if feedback else "")


def _choices(body: Mapping[str, Any], *, several: bool) -> str:
    choices = items_in(body, "choices")
    if several and (body.get("all_or_nothing") is True or body.get("negative") is True):
        raise NotCarriedError("all_or_nothing" if body.get("all_or_nothing") is True else "negative")
    if not several and all(map(is_right, choices)):  # without a wrong one it is a short answer
        raise NotCarriedError("choices")
    rows = []
    for choice, share in zip(choices, choice_shares(body, several=several), strict=True):
        if several and is_right(choice) != (share > 0):  # the share alone tells right from wrong
            raise NotCarriedError("fraction")
        if not several and not is_right(choice):  # nothing but the right one earns everything
            least = Decimal(-1 if body.get("negative") is True else 0)
            share = min(max(share, least), Decimal("0.99999"))  # noqa: PLW2901 -- held within what counts
        sign = "=" if is_right(choice) and not several else "~"
        rows.append(_row(sign, share, _html(text_in(choice, "text")), text_in(choice, "feedback")))
    return "".join(rows)


def _single(body: Mapping[str, Any]) -> str:
    return _choices(body, several=False)


def _multiple(body: Mapping[str, Any]) -> str:
    return _choices(body, several=True)


def _true_false(body: Mapping[str, Any]) -> str:
    """The first feedback is for the wrong answer, the second for the right one."""
    right = body.get("answer") is True
    if_true, if_false = _html(text_in(body, "feedback_true")), _html(text_in(body, "feedback_false"))
    wrong_said, right_said = (if_false, if_true) if right else (if_true, if_false)
    return ("T" if right else "F") + f"#{wrong_said}#{right_said}".rstrip("#")


def _short_text(body: Mapping[str, Any]) -> str:
    for name in ("case_sensitive", "ignore_accents"):
        if body.get(name) is True:
            raise NotCarriedError(name)
    rows = []
    for answer in items_in(body, "answers"):
        text = " ".join(text_in(answer, "text").split())
        if "->" in text:
            raise NotCarriedError("->")
        plain = f"[plain]{text.translate(_SIGNS)}"
        rows.append(
            _row("=", decimal_in(answer.get("fraction", 1), default=Decimal(0)), plain, text_in(answer, "feedback"))
        )
    return "".join(rows)


def _numeric(body: Mapping[str, Any]) -> str:
    if text_in(body, "unit") or items_in(body, "units"):
        raise NotCarriedError("unit")
    rows = []
    for answer in items_in(body, "answers"):
        tolerance = decimal_in(answer.get("tolerance", 0), default=Decimal(0))
        kind = text_in(answer, "tolerance_kind")
        if kind == "figures":
            raise NotCarriedError("figures")
        if kind == "relative":  # a distance for a given value
            tolerance *= abs(decimal_in(answer.get("value"), default=Decimal(0)))
        share = decimal_in(answer.get("fraction", 1), default=Decimal(0))
        rows.append(
            _row("=", share, f"{answer.get('value', '')}:{tolerance.normalize():f}", text_in(answer, "feedback"))
        )
    return f"#{''.join(rows)}"


def _matching(body: Mapping[str, Any]) -> str:
    pairs = [(text_in(pair, "text"), text_in(pair, "answer")) for pair in items_in(body, "pairs")]
    pairs += [("", text) for text in texts_in(body, "distractors")]
    # At its beginning a % would be a share.
    lefts = [f"&#37;{left[1:]}" if left.startswith("%") else left for left, _right in pairs]
    rights = [str(escape(right)) for _left, right in pairs]
    return "".join(f"\n\t={_html(left)} -> {_html(right)}" for left, right in zip(lefts, rights, strict=True))


def _essay(body: Mapping[str, Any]) -> str:
    for name in ("template", "marker_notes", "minimum_words", "maximum_words"):
        if body.get(name):
            raise NotCarriedError(name)
    return ""


_BODIES = {
    "single": _single,
    "multiple": _multiple,
    "true_false": _true_false,
    "short_text": _short_text,
    "numeric": _numeric,
    "matching": _matching,
    "essay": _essay,
}
