"""The look of an environment beside its colours: own words, legal pages, and what the chosen colours become."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem.concepts import own_words_in_force
from ecosystem.models import Environment
from ecosystem.registry import Words, nav, role_pages
from ecosystem.theme import contrast, parse_colour, tokens

LEGAL = {
    "imprint": gettext_lazy("Imprint"),
    "privacy": gettext_lazy("Privacy"),
    "terms": gettext_lazy("Terms of use"),
}
LONGEST_WORD = 30
# Real ones, in which each concept occurs.
SENTENCES = (
    gettext_lazy("Whoever runs a course can make you an instructor or mentor of it."),
    gettext_lazy("Courses, quizzes and certificates stand here once you have finished them."),
    gettext_lazy("Learners given an instructor or mentor"),
    gettext_lazy("You get one when you finish a course that gives it."),
    gettext_lazy("Asked whether a hand-in may be an example"),
)
UNCHANGED = 2 / 255  # the way through OKLCH may round a channel by one


class ColourVerdict(NamedTuple):
    """What became of a colour: ``ratio`` is the WCAG contrast of ``ink`` on ``used``, 1 to 21."""

    asked: str
    used: str
    ink: str
    ratio: float

    @property
    def is_kept(self) -> bool:
        both = zip(parse_colour(self.asked), parse_colour(self.used), strict=True)
        return all(abs(one - other) <= UNCHANGED for one, other in both)


def colour_verdicts(*, brand: str, accent: str) -> dict[str, ColourVerdict]:
    """``brand`` and ``accent`` as buttons show them in the light mode. Refuses (ThemeError) what is no colour."""
    found = tokens(brand=brand, accent=accent)
    return {
        name: ColourVerdict(
            asked, found[name], found[f"on-{name}"], round(contrast(found[name], found[f"on-{name}"]), 1)
        )
        for name, asked in (("brand", brand), ("accent", accent))
    }


def verdict_words(name: str, verdict: ColourVerdict) -> tuple[str, str]:
    """A judgement and the sentence behind it."""
    label = _("Brand colour") if name == "brand" else _("Accent colour")
    facts = {"colour": verdict.used, "ratio": verdict.ratio}
    if verdict.is_kept:
        reason = _("Text on it can be read well: contrast %(ratio)s to 1, at least 4.5 is needed.") % facts
        return _("%(label)s: used as it is.") % {"label": label}, reason
    reason = _("Buttons use %(colour)s, so that text on them can be read: contrast %(ratio)s to 1.") % facts
    return _("%(label)s: moved a little.") % {"label": label}, reason


def terms() -> dict[str, Words]:
    """The words that an environment may replace, with what they are otherwise: the names of pages that many know."""
    main = {entry.key: entry.label for entry in nav if entry.key != "home"}
    return main | {key: page.label for key, page in role_pages.items() if page.is_term}


def term(key: str, words: dict[str, str]) -> Words:
    """What an environment with these own words calls the page ``key`` of ``terms``."""
    return words.get(key) or terms()[key]


def own_words(environment: Environment) -> dict[str, str]:
    """What this environment calls pages; only what differs."""
    return {key: word for key, word in environment.words.items() if word}


def sentences_in(words: dict[str, str], *, environment: Environment) -> list[tuple[str, str, list[str]]]:
    """A few sentences of Grove with these words, in each language: its code, its name, the sentences."""
    found = []
    for language, name in settings.LANGUAGES:
        with translation.override(language), own_words_in_force(environment_id=environment.pk, words=words):
            found.append((language, name, [str(sentence) for sentence in SENTENCES]))
    return found


def legal_links(environment: Environment) -> list[tuple[str, str]]:
    """Name and path of the legal pages that have a text."""
    return [(str(label), f"/legal/{kind}/") for kind, label in LEGAL.items() if environment.legal.get(kind)]
