r"""Texts of questions as their authors write them: Markdown, with TeX between `\( \)`, `\[ \]` or `$$ $$`.

Stored texts are clean HTML. One that Markdown can say is shown to its author as Markdown, any other as the HTML it is;
what begins with a tag is read as HTML again.
"""

import re
from html import unescape

from django.utils.html import escape

from ecosystem.markup import clean_html, clean_line, markdown_line_to_html, markdown_to_html

_TEX = re.compile(r"\\\(.{1,1500}?\\\)|\\\[.{1,1500}?\\\]|\$\$.{1,1500}?\$\$", re.DOTALL)
_HTML = re.compile(
    r"\s*<(?:p|div|ul|ol|table|h[1-6]|blockquote|pre|img|figure|audio|video|details|span|b|i|em|strong)\b",
    re.IGNORECASE,
)
_HOLD = "\ue020{}\ue021"
_HELD = re.compile("\ue020([0-9]{1,6})\ue021")
LONGEST = 100_000  # characters


def html_of(text: str) -> str:
    """Return the text of an author as clean HTML with paragraphs."""
    return clean_html(text) if _HTML.match(text) else _with_tex(text, markdown_to_html)


def line_html_of(text: str) -> str:
    """Return the text of an author as clean HTML for a label."""
    return clean_line(text) if _HTML.match(text) else clean_line(_with_tex(text, markdown_line_to_html))


def text_of(html: str) -> str:
    """Return stored HTML as its author may go on writing it: Markdown when that says exactly the same."""
    markdown = _markdown(html)
    return markdown if html_of(markdown) == html else html


def line_text_of(html: str) -> str:
    """Return the stored HTML of a label as its author may go on writing it."""
    markdown = _markdown(html)
    return markdown if line_html_of(markdown) == html else html


def _with_tex(text: str, render: object) -> str:
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(str(escape(found[0])))
        return _HOLD.format(len(held) - 1)

    rendered = render(_TEX.sub(hold, text.replace("\ue020", "").replace("\ue021", "")))  # type: ignore[operator]
    return clean_html(_HELD.sub(lambda found: held[int(found[1])], rendered))


def _markdown(html: str) -> str:
    """A guess; whoever uses it looks whether it says the same."""
    text = re.sub(r"</p>\s*<p>", "\n\n", html)
    text = re.sub(r"</?p>", "", text)
    text = re.sub(r"</?strong>", "**", text)
    text = re.sub(r"</?em>", "*", text)
    text = re.sub(r"</?code>", "`", text)
    text = re.sub(r"\n?<br ?/?>\n?", "\\\\\n", text)
    return unescape(text).strip()


def with_media(text: str, *, kind: str, address: str, says: str) -> str:
    """The text of an author with a picture, sound or film (``kind``) at its end and what is said of it.

    Markdown has pictures only: with a sound or a film the text becomes HTML.
    """
    if kind == "image" and not _HTML.match(text):
        words = re.sub(r"[\\\[\]\s]+", " ", says).strip()
        return f"{text.rstrip()}\n\n![{words}]({address})".strip()
    html = html_of(text).rstrip() if text.strip() else ""
    shown = (
        f'<p><img src="{escape(address)}" alt="{escape(says)}"></p>'
        if kind == "image"
        else f'<p>{escape(says)}</p>\n<{kind} src="{escape(address)}"></{kind}>'
    )
    return f"{html}\n{shown}".strip()
