"""A row becomes an object of its model: what PostgreSQL said stands in it at once.

Django calls the constructor, which takes values by place and by name, fills in defaults and sets each field by itself.
"""

from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.files import FileDescriptor
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

PLAIN = (DeferredAttribute, ForeignKeyDeferredAttribute, FileDescriptor)  # to set these is to put the value there


def from_db(cls: Any, db: str, field_names: Any, values: Any) -> Any:
    """In place of ``Model.from_db``."""
    names = _names(cls)
    if len(values) != len(names) or pre_init.has_listeners(cls) or post_init.has_listeners(cls):
        return django_from_db.__func__(cls, db, field_names, values)
    row = cls.__new__(cls)
    state = ModelState()
    state.adding, state.db = False, db
    row.__dict__.update(zip(names, values, strict=True), _state=state)
    return row


django_from_db: Any = Model.__dict__["from_db"]


@lru_cache(maxsize=2000)
def _names(cls: Any) -> tuple[str, ...]:
    """Of the fields in their order; none for a model that does something of its own with what it is given."""
    names = tuple(field.attname for field in cls._meta.concrete_fields)
    is_plain = cls.__init__ is Model.__init__ and all(type(getattr(cls, name)) in PLAIN for name in names)
    return names if is_plain else ()


def rows_by_hand() -> None:
    """Once per process."""
    Model.from_db = classmethod(from_db)
