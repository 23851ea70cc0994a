"""What each model knows about people, why, for how long, and what happens to it when somebody is erased.

Each app says it in its ``privacy.py``, parents before what points at them. A test asks for every model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.utils.text import capfirst

from ecosystem.models import Person, TenantModel
from ecosystem.registry import Registry, Words


class OnErase(Enum):
    DELETE = "delete"
    ANONYMISE = "anonymise"
    KEEP = "keep"


@dataclass(frozen=True)
class Personal:
    """``fields`` hold something about a person. ``rows``: the rows about one; by default those with their ``person``.

    ``blank`` are the values that take the place of the personal ones, ``files`` the file fields that go as well,
    ``because`` is the reason to keep, ``hidden`` are fields of no meaning or of danger in a copy (hashes of keys).
    ``first(person=)`` is done in the same transaction before rows go or are blanked: what hangs on them elsewhere.
    ``called`` is the name that people read, where the model of somebody else has none for them.
    ``withhold`` takes out of the rows of one environment, in its scope, what the person may not know yet (scores of a test).
    """

    model: Any
    fields: tuple[str, ...]
    purpose: Words
    retention: Words
    on_erase: OnErase
    because: Words = ""
    blank: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    rows: Callable[[Person], Q] = lambda person: Q(person_id=person.pk)
    first: Callable[..., None] | None = None
    withhold: Callable[[Person, list[dict[str, Any]]], None] | None = None
    called: Words = ""

    @property
    def name(self) -> str:
        return capfirst(str(self.called or self.model._meta.verbose_name_plural))

    @property
    def is_tenant(self) -> bool:
        return issubclass(self.model, TenantModel)


_declared: Registry[Personal] = Registry()
_without: Registry[str] = Registry()


def declare(model: type[Model] | str, *fields: str, on_erase: OnErase, **facts: Any) -> None:
    """Say what a model knows about people. Refuses fields it does not have, and keeping without a reason."""
    found = apps.get_model(model) if isinstance(model, str) else model
    known = {one.name for one in found._meta.get_fields()}
    named = {*fields, *facts.get("blank", {}), *facts.get("files", ())}
    if not named <= known:
        raise ValueError(f"{found._meta.label} has no {', '.join(sorted(named - known))}.")
    if (on_erase is OnErase.KEEP) != bool(facts.get("because")):
        raise ValueError(f"{found._meta.label}: say why it is kept, and only then.")
    if on_erase is OnErase.ANONYMISE and not facts.get("blank"):
        raise ValueError(f"{found._meta.label}: say what takes the place of the personal values.")
    _declared.register(found._meta.label, Personal(model=found, fields=fields, on_erase=on_erase, **facts))


def no_personal_data(model: type[Model] | str, reason: str) -> None:
    """Say that a model knows nothing about people, and why that is so."""
    found = apps.get_model(model) if isinstance(model, str) else model
    _without.register(found._meta.label, reason)


def declarations() -> Iterator[Personal]:
    return iter(_declared)


def undeclared() -> list[str]:
    """Models that nobody has said anything about, or about which two things are said."""
    return [
        model._meta.label
        for model in apps.get_models()
        if (model._meta.label in _declared) == (model._meta.label in _without)
    ]
