"""In which language to write to somebody who is not asking right now."""

from django.conf import settings

from ecosystem.models import Environment, Person

KNOWN = {code for code, _name in settings.LANGUAGES}


def language_of(*, person: Person, environment: Environment) -> str:
    """The person's language when Grove speaks it, else the environment's."""
    wishes = (person.language, environment.language, settings.LANGUAGE_CODE)
    return next(wish for wish in wishes if wish in KNOWN)
