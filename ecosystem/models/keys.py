"""Foreign keys that cannot leave their environment. Choose the one that says what the row points at.

=============  ==============================================================================
``TenantKey``   a row of the same environment
``PersonKey``   a person who is a member of the same environment
``ElementKey``  an element that is available here: our own, or offered from above
``PartKey``     a part (activity, question, version) of the element in the row's ``element`` column
=============  ==============================================================================

Each adds its composite constraint to the model, where makemigrations finds it. Deleting what is pointed at
is refused unless ``on_delete`` says otherwise.
"""

from typing import Any

from django.db import models

from ecosystem.models.security import CompositeKey


def _add_constraint(model: type[models.Model], constraint: models.BaseConstraint) -> None:
    options = model._meta
    if all(existing.name != constraint.name for existing in options.constraints):
        options.constraints = [*options.constraints, constraint]
        options.original_attrs["constraints"] = options.constraints


def is_declared(model: type[models.Model]) -> bool:
    """True for the models of our code; the copies that migrations make bring their constraints along."""
    return not model._meta.abstract and model.__module__ != "__fake__"


class _ScopedKey(models.ForeignKey):
    """A foreign key whose plain constraint is replaced by a composite one."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 -- Django's signature
        super().contribute_to_class(cls, name, private_only, **kwargs)
        if is_declared(cls):
            _add_constraint(cls, self.composite(cls))

    def composite(self, model: type[models.Model]) -> CompositeKey:
        raise NotImplementedError

    def _named(self, model: type[models.Model]) -> str:
        return f"{model._meta.db_table}_{self.name}_scoped"[:63]

    def _target_table(self) -> str:
        to = self.remote_field.model
        label = to if isinstance(to, str) else to._meta.label_lower
        return label.lower().replace(".", "_")


class TenantKey(_ScopedKey):
    """A row of the same environment."""

    def composite(self, model: type[models.Model]) -> CompositeKey:
        return CompositeKey(
            name=self._named(model),
            columns=("environment_id", self.get_attname()),
            target=self._target_table(),
            to=("environment_id", "id"),
        )


class PersonKey(_ScopedKey):
    """A member of the same environment."""

    def __init__(self, to: Any = "ecosystem.Person", on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        super().__init__(to, on_delete, **kwargs)

    def composite(self, model: type[models.Model]) -> CompositeKey:
        return CompositeKey(
            name=self._named(model),
            columns=("environment_id", self.get_attname()),
            target="ecosystem_membership",
            to=("environment_id", "person_id"),
        )


class ElementKey(_ScopedKey):
    """An element available in the row's environment."""

    def __init__(self, to: Any = "ecosystem.Element", on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        super().__init__(to, on_delete, **kwargs)

    def composite(self, model: type[models.Model]) -> CompositeKey:
        return CompositeKey(
            name=self._named(model),
            columns=("environment_id", self.get_attname()),
            target="ecosystem_availability",
            to=("environment_id", "element_id"),
        )


class PartKey(_ScopedKey):
    """A part of the element named by ``element_column`` of the same row."""

    def __init__(
        self, to: Any, on_delete: Any = models.PROTECT, *, element_column: str = "element_id", **kwargs: Any
    ) -> None:
        self.element_column = element_column
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "element_column": self.element_column}

    def composite(self, model: type[models.Model]) -> CompositeKey:
        return CompositeKey(
            name=self._named(model),
            columns=(self.element_column, self.get_attname()),
            target=self._target_table(),
            to=("element_id", "id"),
        )
