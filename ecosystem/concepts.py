"""What an environment calls things, in every sentence: its own words in place of the usual ones.

The words are put into the texts of Grove as they come out of the catalogues of translations, before names and numbers
are filled in: what people write is never changed. They go with the scope, so the words of one environment are never in the texts
of another, and hold nothing but letters, digits, spaces, hyphens and apostrophes: no text can be broken by them, be it
HTML, a letter or a format. A word takes its capital, its number, and the article before it along.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

from django.utils.translation import trans_real
from django.utils.translation.trans_real import CONTEXT_SEPARATOR

from ecosystem.scope import current_scope, scope_is_open

LONGEST = 40
OWN_WORD = re.compile(r"[^\W_](?:[^\W_]|[ ’-](?=[^\W_])){0,39}\Z")
KEPT = 4096  # texts of one environment in one language


class Usual(NamedTuple):
    """The usual forms of a concept in one language; ``neuter``: Dutch het."""

    one: tuple[str, ...]
    many: tuple[str, ...]
    neuter: bool = False


class Form(NamedTuple):
    """What an environment says instead."""

    one: str
    many: str
    neuter: bool = False


CONCEPTS = ("course", "chapter", "quiz", "learner", "instructor", "group", "event", "hand-in", "certificate")
USUAL: dict[str, dict[str, Usual]] = {
    "en": {key: Usual((key,), ("quizzes" if key == "quiz" else f"{key}s",)) for key in CONCEPTS},
    "nl": {
        "course": Usual(("cursus",), ("cursussen",)),
        "chapter": Usual(("hoofdstuk",), ("hoofdstukken",), neuter=True),
        "quiz": Usual(("quiz",), ("quizzen",)),
        "learner": Usual(("deelnemer",), ("deelnemers",)),
        "instructor": Usual(("begeleider",), ("begeleiders",)),
        "group": Usual(("groep",), ("groepen",)),
        "event": Usual(("bijeenkomst",), ("bijeenkomsten",)),
        "hand-in": Usual(("inleveropdracht", "inlevering"), ("inleveropdrachten", "inleveringen")),
        "certificate": Usual(("certificaat",), ("certificaten",), neuter=True),
    },
}
GENDERED = ("nl",)
# Dutch words that go with de, and what they are with het.
NEUTER = {"de": "het", "deze": "dit", "die": "dat", "elke": "elk", "iedere": "ieder", "welke": "welk", "onze": "ons"}
COMMON = {neuter: common for common, neuter in NEUTER.items()}
# After een and geen an adjective has no -e with het: those that stand there in our texts, with de and with het.
AFTER_A = ("een", "geen")
ADJECTIVES = {
    "andere": "ander", "eerste": "eerste", "eigen": "eigen", "geldige": "geldig", "hele": "heel", "losse": "los",
    "nieuwe": "nieuw", "open": "open", "tweede": "tweede", "volgende": "volgend",
}  # fmt: skip
# Begin with a vowel that is spoken as a consonant, and the other way round.
NOT_AN, AN = (
    re.compile(r"(?:uni|use|usu|eu|one\b|once)", re.I),
    re.compile(r"(?:hour|honest|honou?r|heir|[aeiou])", re.I),
)
# Places for values, and marks of HTML, are no words.
LEFT_ALONE = r"%\(\w+\)[a-z]|\{[^{}]*\}|<[^<>]*>|&\w+;"


def words_of(words: Mapping[str, str], language: str) -> dict[str, Form]:
    """The concepts that are called otherwise in this language, of what an environment keeps as its words."""
    found = {}
    for key in CONCEPTS:
        one, many = (words.get(f"{language}:{key}:{number}", "") for number in ("one", "many"))
        if OWN_WORD.match(one) and OWN_WORD.match(many):
            found[key] = Form(one, many, neuter=words.get(f"{language}:{key}:gender") == "neuter")
    return found


def is_concept(key: str) -> bool:
    """Whether a key of the words of an environment is one of these, and no name of a page."""
    return ":" in key


class Speech:
    """The words of an environment in one language, put into texts."""

    def __init__(self, language: str, forms: Mapping[str, Form]) -> None:
        self.language = language
        self.forms: dict[str, tuple[str, bool | None]] = {}  # by usual form: the own one, and another gender or None
        for key, form in forms.items():
            usual = USUAL[language][key]
            changed = form.neuter if language in GENDERED and form.neuter != usual.neuter else None
            self.forms |= dict.fromkeys(usual.one, (form.one, changed))
            self.forms |= dict.fromkeys(usual.many, (form.many, None))
        usual_forms = "|".join(sorted(map(re.escape, self.forms), key=len, reverse=True))
        before = "|".join(["an?"] if language == "en" else [*NEUTER, *COMMON, *AFTER_A])
        adjectives = "|".join([*ADJECTIVES, *ADJECTIVES.values()]) if language in GENDERED else r"(?!)"
        after = "die|dat" if language in GENDERED else r"(?!)"
        # A form that is part of a longer word is another word: bijeenkomstdag, group-wide.
        self.pattern = re.compile(
            rf"(?P<alone>{LEFT_ALONE})|(?<![\w-])(?:(?P<before>{before})(?P<gap>\s)(?:(?P<adjective>{adjectives})\s)?)?"
            rf"(?P<usual>{usual_forms})(?![\w-])(?:(?P<comma>,?\s)(?P<after>{after})(?!\w))?",
            re.I,
        )
        self.kept: dict[str, str] = {}

    def say(self, text: str) -> str:
        found = self.kept.get(text)
        if found is None:
            if len(self.kept) >= KEPT:
                self.kept.clear()
            found = self.kept[text] = self.pattern.sub(self._put, text)
        return found

    def _put(self, found: re.Match[str]) -> str:
        if found["alone"]:
            return found["alone"]
        own, gender = self.forms[found["usual"].lower()]
        if found["usual"][0].isupper():
            own = own[0].upper() + own[1:]
        if before := found["before"]:
            own = self._led(before, found["adjective"] or "", own, gender=gender, gap=found["gap"])
        if after := found["after"]:
            own += found["comma"] + self._before(after, own, gender=gender)
        return own

    def _led(self, before: str, adjective: str, own: str, *, gender: bool | None, gap: str) -> str:
        said = _cased(self._before(before.lower(), own, gender=gender), like=before)
        if adjective and gender is not None and before.lower() in AFTER_A:
            pairs = ADJECTIVES if gender else {neuter: common for common, neuter in ADJECTIVES.items()}
            adjective = pairs.get(adjective.lower(), adjective)
        return gap.join(filter(None, (said, adjective, own)))

    def _before(self, word: str, own: str, *, gender: bool | None) -> str:
        if self.language == "en":
            return "an" if AN.match(own) and not NOT_AN.match(own) else "a"
        if gender is None:
            return word
        return NEUTER.get(word, word) if gender else COMMON.get(word, word)


def _cased(word: str, *, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word


class Speaker(NamedTuple):
    """Whose words are in force."""

    environment_id: int
    speeches: dict[str, Speech]


@lru_cache(maxsize=256)
def _speeches(words: tuple[tuple[str, str], ...]) -> dict[str, Speech]:
    spoken = {language: words_of(dict(words), language) for language in USUAL}
    return {language: Speech(language, forms) for language, forms in spoken.items() if forms}


_speaker: ContextVar[Speaker | None] = ContextVar("speaker", default=None)


@contextmanager
def own_words_in_force(*, environment_id: int, words: Mapping[str, str]) -> Iterator[None]:
    """Let texts say what this environment says, within the body and within its scope."""
    own = tuple(sorted((key, word) for key, word in words.items() if is_concept(key)))
    speeches = _speeches(own) if own else {}
    for language in speeches:
        _listen(language)
    token = _speaker.set(Speaker(environment_id, speeches) if speeches else None)
    try:
        yield
    finally:
        _speaker.reset(token)


def _speech(language: str) -> Speech | None:
    speaker = _speaker.get()
    if speaker is None or (scope_is_open() and current_scope().environment_id != speaker.environment_id):
        return None
    return speaker.speeches.get(language)


# Two threads would else both wrap a catalogue, and put words into words.
_listening = Lock()


def _listen(language: str) -> None:
    """Let the texts of a language go past the words in force; once for each catalogue."""
    with _listening:
        _listen_once(trans_real.translation(language))


def _listen_once(found: trans_real.DjangoTranslation) -> None:
    language = found.language()
    if "says_own_words" in vars(found):
        return
    if "gettext" not in vars(found):
        found.gettext = lru_cache(maxsize=8192)(found.gettext)  # type: ignore[method-assign]
    gettext, ngettext = found.gettext, found.ngettext

    def own_gettext(message: str) -> str:
        text: str = gettext(message)
        speech = _speech(language)
        # What the catalogue has not comes back with its context; Django would take the text for untranslated and say its own.
        return speech.say(text.rpartition(CONTEXT_SEPARATOR)[2]) if speech else text

    def own_ngettext(one: str, many: str, number: int) -> str:
        text: str = ngettext(one, many, number)
        speech = _speech(language)
        return speech.say(text) if speech else text

    found.gettext, found.ngettext, found.says_own_words = own_gettext, own_ngettext, True  # type: ignore[method-assign]
