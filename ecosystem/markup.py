"""Text that people or files bring, as HTML that is safe to show: Markdown to HTML, and any HTML to an allow-list.

Whatever comes out of `clean_html` may be marked safe in a template: no scripts, no styles, no forms, no frames, no
addresses but web, mail and our own. Cleaning twice changes nothing. TeX between its delimiters passes through
`clean_html` as text; in Markdown a backslash before a bracket has to be doubled.
"""

import re
from html import unescape

import nh3
from markdown_it import MarkdownIt

# How an imported or uploaded picture is written in stored HTML; whoever shows the page puts in the file's address.
ATTACHMENT_SCHEME = "attachment"

_TAGS = {
    "a", "abbr", "audio", "b", "blockquote", "br", "caption", "cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em",
    "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q",
    "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
    "var", "video",
}  # fmt: skip
_INLINE_TAGS = {
    "abbr", "b", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span",
    "strong", "sub", "sup", "u", "var",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "audio": {"src"},
    "video": {"src", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
# The only classes an author can use: those that the design system defines for text.
_CLASSES = {"div": {"note", "tip", "warning"}, "p": {"note", "tip", "warning", "lead"}}
_DROPPED_WITH_CONTENT = {"script", "style", "template", "noscript", "iframe", "object"}
_LINK_SCHEMES = {"http", "https", "mailto"}
_ATTACHMENT = re.compile(r"attachment:[0-9a-f]{64}\Z")
_SCHEME = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.\-]*):")
_SIZE = re.compile(r"[0-9]{1,4}\Z")
_HEADING = re.compile(r"<(/?)h([1-6])\b")
_BETWEEN_BLOCKS = re.compile(r"</(?:p|li|div)>\s*<(?:p|li|div)\b[^>]*>", re.IGNORECASE)
_WITHOUT_ALT = re.compile(r"<img(?![^>]* alt=)([^>]*)>")
_TAG = re.compile(r"<[^>]*>")
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p\b).)*)</p>", re.DOTALL)


def markdown_to_html(text: str) -> str:
    """Return CommonMark with tables as clean HTML. HTML inside the Markdown is shown as text, never obeyed."""
    return clean_html(_MARKDOWN.render(text))


def markdown_line_to_html(text: str) -> str:
    """Return one line of Markdown (an answer, a label) as clean HTML without a paragraph, a link or any other block
    around it."""
    return clean_line(_MARKDOWN.renderInline(text.strip()))


def clean_html(html: str) -> str:
    """Return only what the allow-list knows.

    Text of unknown tags stays, scripts and styles go with their content. Where a level 1 heading appears, all headings
    move down one level, so that the page's own h1 stays the only one.
    """
    cleaned = _with_alt(_CLEANER.clean(html))
    if "<h1" in cleaned:
        cleaned = _HEADING.sub(lambda found: f"<{found[1]}h{min(int(found[2]) + 1, 6)}", cleaned)
    return cleaned.strip()


def clean_line(html: str) -> str:
    """Return clean HTML that may stand inside a label: paragraphs become lines, other blocks and links lose their
    tags."""
    return _with_alt(_LINE_CLEANER.clean(_BETWEEN_BLOCKS.sub("<br>", unwrap_paragraph(html)))).strip()


def unwrap_paragraph(html: str) -> str:
    """Return the content of the paragraph when the HTML is exactly one, otherwise the HTML itself."""
    found = _ONE_PARAGRAPH.fullmatch(html.strip())
    return found[1] if found else html


def plain_text(html: str) -> str:
    """Return the words of the HTML on one line, for lists, options and mail subjects. Not HTML: escape it when you show
    it."""
    spaced = re.sub(r"(?i)<(?:br|/p|/div|/li|/td|/th|/tr|/h[1-6])\b[^>]*>", " ", _CLEANER.clean(html))
    return " ".join(unescape(_TAG.sub("", spaced)).split())


def _with_alt(cleaned: str) -> str:
    """Return the HTML with an empty alt on pictures without one: a screen reader would read out their addresses."""
    return _WITHOUT_ALT.sub(r'<img\1 alt="">', cleaned)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Decide over one allowed attribute: the value to keep, or None. nh3 has already refused schemes that are nowhere
    allowed."""
    if name == "href":
        return value if _is_link(value) else None
    if name == "src":
        wanted = _is_picture if tag == "img" else _is_attachment
        return value if wanted(value) else None
    if name in {"width", "height", "start", "colspan", "rowspan"}:
        return value if _SIZE.match(value) else None
    return value


def _is_link(address: str) -> bool:
    scheme = _SCHEME.match(address)
    return scheme is None or scheme[1].lower() in _LINK_SCHEMES


def _is_attachment(address: str) -> bool:
    """Sounds and films are only those that came with the text; who shows it puts in the address and the controls."""
    return _ATTACHMENT.match(address) is not None


def _is_picture(address: str) -> bool:
    """Pictures come from us only: an outside picture would tell its owner who reads the page."""
    if _ATTACHMENT.match(address):
        return True
    # Browsers read a backslash as a slash and skip tabs and line ends, so `/\host` and `/<tab>/host` leave too.
    plain = re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/")
    return bool(plain) and not plain.startswith("//") and _SCHEME.match(plain) is None


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={tag: names for tag, names in _ATTRIBUTES.items() if tag == "*" or tag in tags},
        attribute_filter=_attribute,
        link_rel="noopener nofollow",
        url_schemes={*_LINK_SCHEMES, ATTACHMENT_SCHEME},
        allowed_classes={tag: names for tag, names in _CLASSES.items() if tag in tags},
        strip_comments=True,
    )


_CLEANER = _cleaner(_TAGS)
_LINE_CLEANER = _cleaner(_INLINE_TAGS)
