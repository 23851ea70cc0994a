"""What both environments of an attack are made of, and the words by which their rows are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps

from ecosystem.models import Environment, Membership, TenantModel

CANARY = "CANARYB"
OWN = "OWNTXT"  # in the attacker's texts, as the canary in the victim's; of another length, which files show
ADDRESS = "hidden-beta"
WORD, TAG = "zephyrword", "zephyrtag"  # what an attacker may search for: in the victim's texts, without the canary
SHARED = "same-in-both"
PNG = b"\x89PNG\r\n\x1a\n"  # the start is enough: nothing here decodes it


@dataclass(eq=False)
class Twin:
    """One environment with its people, the sessions they are signed in with, and one token; its rows stay as they are."""

    environment: Environment
    people: dict[str, Membership] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    token: str = ""
    application: dict[str, str] = field(default_factory=dict)  # how its machine signs in
    tool_token: str = ""  # with which its external tool speaks
    tool_key: dict[str, Any] = field(default_factory=dict)  # with which that signs; of the process that made the scene
    below: str = ""  # slug of the environment under it
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.environment.slug}.localhost"

    def values(self, label: str, column: str) -> list[Any]:
        return [row[column] for row in self.rows[label]]

    def ids(self, label: str) -> list[Any]:
        return self.values(label, "id")


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]
