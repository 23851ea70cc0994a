"""In which language, and with whose words, to write to somebody who is not asking right now."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation

from ecosystem.concepts import own_words_in_force
from ecosystem.models import Environment, Person

KNOWN = {code for code, _name in settings.LANGUAGES}


def language_of(*, person: Person, environment: Environment) -> str:
    """The person's language when Grove speaks it, else the environment's."""
    wishes = (person.language, environment.language, settings.LANGUAGE_CODE)
    return next(wish for wish in wishes if wish in KNOWN)


@contextmanager
def speaking(language: str, *, environment: Environment) -> Iterator[None]:
    """Write in a language Grove speaks, and call things what the environment calls them."""
    with (
        translation.override(language if language in KNOWN else settings.LANGUAGE_CODE),
        own_words_in_force(environment_id=environment.pk, words=environment.words),
    ):
        yield
