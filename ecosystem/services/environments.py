"""Environments: making them, dressing them."""

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem.concepts import OWN_WORD, is_concept
from ecosystem.logo import clean_logo
from ecosystem.models import Environment, EnvironmentAncestor, Host
from ecosystem.services.settings import COLUMNS, settings_begin
from ecosystem.theme import theme_css

LOOK = {"name", "tagline", "brand", "accent", "font", "radius", "logo_svg", "favicon_svg", "words", "legal"}


@transaction.atomic
def environment_create(
    *, slug: str, name: str, hosts: list[str], parent: Environment | None = None, **look_and_locale: Any
) -> Environment:
    """A new root or subenvironment with its host names (the first is used in links) and its theme.

    Refuses (IntegrityError) a slug or host name that is taken.
    """
    environment = Environment(slug=slug, name=name, parent=parent, **look_and_locale)
    environment.full_clean(exclude=["parent"], validate_unique=False, validate_constraints=False)
    _dress(environment)
    environment.save()
    links = [EnvironmentAncestor(environment=environment, ancestor=environment, depth=0)]
    if parent is not None:
        links += [
            EnvironmentAncestor(environment=environment, ancestor_id=above.ancestor_id, depth=above.depth + 1)
            for above in EnvironmentAncestor.objects.filter(environment=parent)
        ]
    EnvironmentAncestor.objects.bulk_create(links)
    settings_begin(
        environment=environment, own={key: look_and_locale[key] for key in COLUMNS if key in look_and_locale}
    )
    Host.objects.bulk_create(
        [Host(environment=environment, name=host, is_primary=not index) for index, host in enumerate(hosts)]
    )
    return environment


@transaction.atomic
def host_add(*, environment: Environment, name: str) -> Host:
    """Serve the environment on one more host name. Refuses (ValidationError) a name that is no host name or taken."""
    host = Host(environment=environment, name=name.strip().lower())
    host.full_clean()
    host.save()
    return host


@transaction.atomic
def environment_restyle(*, environment: Environment, **look: Any) -> Environment:
    """Change the look (names in ``LOOK``, anything else is a TypeError); the theme file gets a new address."""
    if strange := set(look) - LOOK:
        raise TypeError(f"Not part of the look: {', '.join(sorted(strange))}.")
    for key, word in look.get("words", {}).items():
        if is_concept(key) and not OWN_WORD.match(word):  # it goes into every text, unescaped
            raise ValidationError(_("Use letters, digits, spaces, hyphens and apostrophes only."))
    for name, value in look.items():
        setattr(environment, name, value)
    environment.full_clean(validate_unique=False, validate_constraints=False)
    _dress(environment)
    environment.save()
    return environment


def _dress(environment: Environment) -> None:
    environment.logo_svg = clean_logo(environment.logo_svg)
    environment.favicon_svg = clean_logo(environment.favicon_svg)
    css = theme_css(
        brand=environment.brand, accent=environment.accent, font=environment.font, radius=environment.radius
    )
    environment.theme_css = css
    drawn = css + environment.logo_svg + environment.favicon_svg
    environment.theme_hash = hashlib.sha256(drawn.encode()).hexdigest()[:16]
