"""A letter in the look of the environment: HTML with its styles inlined, and the same in plain text."""

from collections.abc import Callable
from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from ecosystem import post
from ecosystem.hosts import address_of
from ecosystem.models import Environment
from ecosystem.theme import tokens

# At-rules stay: the dark mode of the letter is one. Nothing is ever fetched while a letter is made.
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Row:
    """One line of a list in a letter; ``path`` is one of the site, or empty."""

    title: str
    detail: str = ""
    path: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and its lines; ``more`` is a closing sentence."""

    heading: str
    rows: tuple[Row, ...]
    more: str = ""


@dataclass(frozen=True)
class Letter:
    """What a letter says. Addresses are absolute, except those of rows."""

    subject: str
    body: str
    action_href: str = ""
    action_label: str = ""
    sections: tuple[Section, ...] = ()
    why: str = ""
    fixed: str = ""
    stop_href: str = ""
    can_pause: bool = False
    settings_href: str = ""


def letter_render(*, letter: Letter, environment: Environment, link: Callable[[str], str]) -> tuple[str, str]:
    """(text, html) in the active language. ``link`` makes the address of a row's path absolute."""
    light, dark = (tokens(brand=environment.brand, accent=environment.accent, dark=mode) for mode in (False, True))
    paragraphs = [part for part in letter.body.split("\n\n") if part.strip()]
    context = {
        "letter": letter,
        "subject": letter.subject,
        "preheader": paragraphs[0] if paragraphs else letter.subject,
        "paragraphs": paragraphs,
        "sections": [
            {
                "heading": section.heading,
                "more": section.more,
                "rows": [{"title": row.title, "detail": row.detail, "href": link(row.path)} for row in section.rows],
            }
            for section in letter.sections
        ],
        "environment": environment,
        "font": environment.get_font_display(),
        "mail_colours": {
            "brand": light["brand"],
            "on_brand": light["on-brand"],
            "link": light["brand-text"],
            "dark_link": dark["brand-text"],
        },
        "action_href": letter.action_href,
        "action_label": letter.action_label,
        "why": " ".join(filter(None, (letter.why, letter.fixed))),
        "stop_href": letter.stop_href,
        "stop_label": _("Pause or stop these letters") if letter.can_pause else _("Stop these letters"),
        "settings_href": letter.settings_href,
    }
    text = render_to_string("mail/notice.txt", context)
    html = _inliner.inline(render_to_string("mail/notice.html", context))
    return _tidy(text), html


def invitation_render(*, letter: post.Letter, environment: Environment) -> tuple[str, str]:
    """(text, html) of a letter to somebody who is no member yet (``ecosystem.post``)."""
    here = address_of(environment)
    written = Letter(
        subject=letter.subject,
        body=letter.body,
        action_href=here + letter.action_path,
        action_label=letter.action_label,
        why=letter.why,
    )
    return letter_render(letter=written, environment=environment, link=lambda path: here + path)


def _tidy(text: str) -> str:
    """Without the runs of blank lines that empty template blocks leave."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
