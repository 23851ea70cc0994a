"""The two kinds of rows that belong to an environment."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.db.models.signals import class_prepared

from ecosystem.models.keys import TenantKey, _add_constraint, is_declared
from ecosystem.models.managers import TenantManager
from ecosystem.models.security import RowSecurity

EVERYTHING = ("*",)


@dataclass(frozen=True)
class Tenancy:
    """How a model belongs: ``element_column`` for content, own for a person's rows, system for queues."""

    element_column: str | None
    has_person: bool
    system: bool


class TenantModel(models.Model):
    """Base of every row of one environment. Private unless it is ``ContentModel``.

    Row-level security and the key (environment, id) are added to each model below. Point at other rows
    with the fields of ``ecosystem.models.keys``. ``system = True`` on the class lets queues be seen by
    ``system_rows()``.
    """

    environment = models.ForeignKey("ecosystem.Environment", on_delete=models.PROTECT, related_name="+", db_index=False)

    objects: ClassVar[Any] = TenantManager()
    tenancy: ClassVar[Tenancy]
    system: ClassVar[bool] = False
    element_column: ClassVar[str | None] = None
    partitioned: ClassVar[bool] = False
    # Fields that open doors and never go into a copy of the environment; EVERYTHING keeps the whole row out.
    never_copied: ClassVar[tuple[str, ...]] = ()
    # A row that is of no use without its element: when that moves out of the environment, it is dropped.
    loose: ClassVar[bool] = False

    class Meta:
        abstract = True


class ContentModel(TenantModel):
    """Base of content: part of an element, readable below when the element is offered down."""

    element_column = "element_id"
    element = TenantKey("ecosystem.Element", models.CASCADE)

    class Meta:
        abstract = True


def _complete(sender: type[models.Model], **_: Any) -> None:
    """Give a tenant model what no author should have to remember."""
    if not issubclass(sender, TenantModel) or not is_declared(sender):
        return
    columns = {field.column for field in sender._meta.local_concrete_fields}
    has_person = "person_id" in columns
    sender.tenancy = Tenancy(sender.element_column, has_person, sender.system)
    table = sender._meta.db_table
    if not sender.partitioned:  # its unique keys would have to hold the partition key
        unique_id = models.UniqueConstraint(fields=["environment", "id"], name=f"{table}_environment_id")
        _add_constraint(sender, unique_id)
    if sender.element_column == "element_id":
        _add_constraint(sender, models.UniqueConstraint(fields=["element", "id"], name=f"{table}_element_id"))
    own = has_person and sender.element_column is None
    _add_constraint(
        sender,
        RowSecurity(name=f"{table}_rows", element_column=sender.element_column, own=own, system=sender.system),
    )


class_prepared.connect(_complete)
