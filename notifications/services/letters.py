"""A letter in the look of the environment: HTML with its styles inlined, and the same in plain text."""

from dataclasses import dataclass

import css_inline
from django.template.loader import render_to_string

from ecosystem import post
from ecosystem.hosts import address_of
from ecosystem.models import Environment
from ecosystem.theme import tokens

# At-rules stay: the dark mode of the letter is one. Nothing is ever fetched while a letter is made.
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@dataclass(frozen=True)
class Letter:
    """What a letter says. ``action_path``, ``stop_path`` and ``settings_path`` are paths of the environment's host."""

    subject: str
    body: str
    action_path: str = ""
    action_label: str = ""
    why: str = ""
    stop_path: str = ""
    settings_path: str = ""


def letter_render(*, letter: Letter, environment: Environment) -> tuple[str, str]:
    """(text, html) in the active language, with absolute links."""
    base = address_of(environment)
    colours = tokens(brand=environment.brand, accent=environment.accent)
    paragraphs = [part for part in letter.body.split("\n\n") if part.strip()]
    context = {
        "subject": letter.subject,
        "preheader": paragraphs[0] if paragraphs else letter.subject,
        "paragraphs": paragraphs,
        "environment": environment,
        "mail_colours": {"brand": colours["brand"], "on_brand": colours["on-brand"]},
        "action_href": base + letter.action_path if letter.action_path else "",
        "action_label": letter.action_label,
        "why": letter.why,
        "stop_href": base + letter.stop_path if letter.stop_path else "",
        "settings_href": base + letter.settings_path if letter.settings_path else "",
    }
    text = render_to_string("mail/notice.txt", context)
    html = _inliner.inline(render_to_string("mail/notice.html", context))
    return _tidy(text), html


def invitation_render(*, letter: post.Letter, environment: Environment) -> tuple[str, str]:
    """(text, html) of a letter to somebody who is no member yet (``ecosystem.post``)."""
    return letter_render(letter=Letter(**vars(letter)), environment=environment)


def _tidy(text: str) -> str:
    """Without the runs of blank lines that empty template blocks leave."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
