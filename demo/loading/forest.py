"""Environments and people of the demo."""

from typing import Any

from django.contrib.auth.hashers import make_password

from demo.loading.files import read
from ecosystem.models import Environment, Person
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add

# Everybody in the demo has it; the banner shows it. Never used outside the demo.
PASSWORD = "grow-together-2026"  # noqa: S105 -- shown on screen on purpose

LOOK = ("brand", "accent", "font", "radius", "language", "time_zone", "tagline", "logo_svg")


def environments_load() -> dict[str, Environment]:
    """The cooperative and its members, by slug; parents come first in the file."""
    made: dict[str, Environment] = {}
    for row in read("environments.yaml")["environments"]:
        look: dict[str, Any] = {**row, "logo_svg": row["logo"]}
        made[row["slug"]] = environment_create(
            slug=row["slug"],
            name=row["name"],
            hosts=[row["host"]],
            parent=made.get(row["parent"]),
            **{name: look[name] for name in LOOK},
        )
    return made


def people_load(environments: dict[str, Environment]) -> dict[str, Person]:
    """People and memberships, by e-mail. One slow hash serves all: it is one and the same demo password."""
    password_hash = make_password(PASSWORD)
    made: dict[str, Person] = {}
    for slug, environment in environments.items():
        with open_scope(environment_id=environment.pk):
            for row in read("people.yaml")["people"]:
                if slug not in row["memberships"]:
                    continue
                membership = member_add(
                    email=row["email"],
                    name=row["name"],
                    roles=row["memberships"][slug],
                    job_title=row["job_title"],
                    language=row["language"],
                    password_hash=password_hash,
                )
                made[row["email"]] = membership.person
    return made
