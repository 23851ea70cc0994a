r"""TeX between `\( \)`, `\[ \]` or `$$ $$` as MathML, which browsers draw and screen readers read aloud.

Made on the server from an allow-list of elements and attributes, so whatever stands in the TeX, nothing of it can be a
link, a script or a style. TeX that is too long, too deep or defines macros stays what it is, as code.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring
from latex2mathml.converter import convert_to_element

from ecosystem.markup import plain_text

LONGEST = 1500  # characters of one formula
WIDE = 60  # characters of TeX that may not fit beside each other
DEEPEST = 25  # braces, and elements of what comes out
MOST_FORMULAS = 300  # in one text
MOST_PARTS = 3000  # elements of one formula

# A tag may hold > between its quotes; formulas inside tags (alternative texts) stay text.
_TAG_OR_CODE = re.compile(r'(<(?:code|pre|kbd)\b[^>]*>.*?</(?:code|pre|kbd)>|<(?:[^>"]|"[^"]*")*>)', re.DOTALL)
_MARK = re.compile(r"\\[()\[\]]|\$\$")
_CLOSING = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_REFUSED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|newenvironment|def|gdef|edef|xdef|let|href|url|unicode|require|html\w*|class"
    r"|cssId|style|data|includegraphics|input|include|write|read|open\w*|csname|catcode|loop|repeat|expandafter"
    r"|special|Rule|rule|char|bbox)(?![a-zA-Z])"
)
_ELEMENTS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "msup",
        "msub",
        "msubsup",
        "mfrac",
        "msqrt",
        "mroot",
        "mover",
        "munder",
        "munderover",
        "mmultiscripts",
        "mprescripts",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
        "merror",
        "none",
    ]
)
_WORDS = re.compile(r"[a-zA-Z0-9 -]{1,40}\Z")
_LENGTH = re.compile(r"-?[0-9]{0,2}(?:\.[0-9]{1,4})?(?:em|ex|px|pt|mu|%)?\Z")
_ATTRIBUTES = {
    **dict.fromkeys(
        [
            "display",
            "mathvariant",
            "stretchy",
            "fence",
            "form",
            "separator",
            "accent",
            "accentunder",
            "largeop",
            "movablelimits",
            "symmetric",
            "displaystyle",
            "scriptlevel",
            "columnalign",
            "rowalign",
            "columnlines",
            "rowlines",
            "notation",
        ],
        _WORDS,
    ),
    **dict.fromkeys(
        [
            "width",
            "height",
            "depth",
            "voffset",
            "lspace",
            "rspace",
            "minsize",
            "maxsize",
            "linethickness",
            "rowspacing",
            "columnspacing",
        ],
        _LENGTH,
    ),
}


_TOKENS = frozenset({"mi", "mn", "mo", "mtext", "ms", "mspace"})
_SIDE_BY_SIDE = frozenset({"math", "mrow", "mstyle", "mpadded", "semantics"})
_BETWEEN = {"mfrac": "/", "msup": "^", "msub": "_", "mover": "^", "munder": "_"}


def has_formula(html: str) -> bool:
    """Return whether there may be a formula in the text; cheap."""
    return "\\(" in html or "\\[" in html or "$$" in html


def with_formulas(html: str) -> str:
    """Return clean HTML with its formulas as MathML."""
    if not has_formula(html):
        return html
    parts = _TAG_OR_CODE.split(html)
    return "".join(part if place % 2 else _text_with_formulas(part) for place, part in enumerate(parts))


def formulas_in_a_line(html: str) -> str:
    """Return clean HTML as plain words, its formulas in one line of letters: `(x+1)/2`. Not HTML: escape it."""
    return " ".join(_text_with_formulas(plain_text(html), draw=_in_a_line).split())


def _text_with_formulas(text: str, *, draw: Callable[..., str] | None = None) -> str:
    """Pair each opening mark with the next closing one, in one walk: a million marks without an end cost no more."""
    draw = draw or _drawn_of
    done, written, opened = list[str](), 0, None
    for mark in _MARK.finditer(text):
        if opened is not None and mark[0] == _CLOSING[opened[0]]:
            if len(done) < 2 * MOST_FORMULAS:
                tex = text[opened.end() : mark.start()]
                done += [text[written : opened.start()], draw(tex, block=opened[0] != "\\(")]
                written = mark.end()
            opened = None
        elif mark[0] in _CLOSING:
            opened = mark
    return "".join([*done, text[written:]])


def _drawn_of(tex: str, *, block: bool) -> str:
    return _drawn(unescape(tex), block=block)


@lru_cache(maxsize=4096)
def _in_a_line(tex: str, *, block: bool) -> str:
    """As it is typed where it has no line of its own, such as a matrix."""
    mathml = _mathml(tex.strip(), block=block)
    try:
        return f" {_line(fromstring(mathml))} " if mathml else tex
    except (LookupError, ParseError):
        return tex


def _line(element: Any) -> str:
    tag, parts = element.tag, [_line(child) for child in element]
    if tag in _TOKENS:
        said = (element.text or "").strip()
        return said if len(said) < 2 or tag != "mi" else f" {said} "
    if tag in _SIDE_BY_SIDE:
        return "".join(parts).strip()
    if tag in ("msqrt", "mroot"):
        return "√" * (tag == "msqrt") + "".join(f"({part})" for part in parts)
    return _BETWEEN[tag].join(part if len(part) == 1 else f"({part})" for part in parts)


@lru_cache(maxsize=4096)
def _drawn(tex: str, *, block: bool) -> str:
    mathml = _mathml(tex.strip(), block=block)
    return mathml or f"<code>{escape(tex)}</code>"


def _mathml(tex: str, *, block: bool) -> str:
    """Return the formula as MathML, or nothing when it cannot be drawn."""
    if not tex or len(tex) > LONGEST or _REFUSED.search(tex) or _depth(tex) > DEEPEST:
        return ""
    try:
        root = convert_to_element(tex, display="block" if block else "inline")
        parts = list[str]()
        _write(root, parts, tex, depth=0)
    # Whatever a stranger's TeX breaks in the library: the formula is shown as it was typed.
    except Exception:  # noqa: BLE001
        return ""
    return "".join(parts)


def _depth(tex: str) -> int:
    deepest = depth = 0
    for character in tex:
        depth += (character in "{[(") - (character in "}])")
        deepest = max(deepest, depth)
    return max(deepest, tex.count("\\left"), tex.count("\\begin"), tex.count("^{^") * 5)


def _write(element: Any, parts: list[str], tex: str, *, depth: int) -> None:
    if depth > DEEPEST * 4 or len(parts) > MOST_PARTS:
        raise ValueError("too large")
    tag = element.tag if element.tag in _ELEMENTS else "mrow"
    kept = [
        f' {name}="{value}"'
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _ATTRIBUTES[name].match(value)
    ]
    if tag == "math":
        kept.append(f' alttext="{escape(tex)}"')
        if element.get("display") == "block" and len(tex) > WIDE:
            kept.append(' tabindex="0"')  # it may have to be scrolled, by keyboard too
    parts.append(f"<{tag}{''.join(kept)}>")
    if element.text:
        parts.append(escape(unescape(element.text), quote=False))
    for child in element:
        _write(child, parts, tex, depth=depth + 1)
    parts.append(f"</{tag}>")
