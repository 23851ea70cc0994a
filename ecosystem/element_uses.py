"""What belongs to elements and what uses them, by kind of row: for the difference that lending or moving makes."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignKey, Q
from django.utils.text import capfirst

from ecosystem.models import Availability, Connection, Element, TenantModel


def content_models() -> list[type[TenantModel]]:
    """Elements, and everything that is part of one."""
    return [model for model in _tenant_models() if model.element_column is not None]


def column_of(model: type[TenantModel]) -> str:
    """The column that names the element a row of content is part of."""
    return model.tenancy.element_column or "id"


def content_of(element_ids: set[int]) -> dict[str, int]:
    """How many rows are part of these elements, in words -> number; only of kinds that have a name for people."""
    found = {}
    for model in content_models():
        if model is not Element and "verbose_name" in model._meta.original_attrs:
            count = model.objects.filter(**{f"{column_of(model)}__in": element_ids}).count()
            if count:
                found[_words(model)] = count
    return found


def uses_of(*, environment_id: int, element_ids: set[int], inside: bool = True) -> dict[str, int]:
    """How many rows of the environment use these elements, beside what is part of them, in words -> number.

    Without ``inside``, connections from one of them to another and rows that are dropped (``loose``) do not count.
    """
    found = {}
    for model in _tenant_models():
        fields = list(element_fields(model))
        if model is Availability or model is Element or not fields or (not inside and model.loose):
            continue
        wanted = Q(pk__in=[])
        for field in fields:
            wanted |= Q(**{f"{field.attname}__in": element_ids})
        rows = model.objects.filter(wanted, environment_id=environment_id)
        if model.element_column is not None:
            rows = rows.exclude(**{f"{column_of(model)}__in": element_ids})
        if model is Connection and not inside:
            rows = rows.exclude(source_id__in=element_ids, target_id__in=element_ids)
        if count := rows.count():
            found[_words(model)] = count
    return found


def element_fields(model: type[TenantModel]) -> Iterator[ForeignKey]:
    for field in model._meta.local_concrete_fields:
        if isinstance(field, ForeignKey) and field.related_model is Element:
            yield field


def _tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def _words(model: type[TenantModel]) -> str:
    return capfirst(str(model._meta.verbose_name_plural))
