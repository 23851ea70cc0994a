"""The filter every tenant query carries, written when the SQL is written."""

from typing import Any, TypeVar

from django.db import models

from ecosystem.scope import current_scope

T = TypeVar("T", bound=models.Model)


class InScope(models.Func):
    """``WHERE environment_id = <the active one>``, decided at execution.

    So a queryset built at import time (a form field, a DRF view) is safe too: whoever runs it sees the
    rows of the scope open *then*, and no scope means an exception. Content also shows what was offered
    from above; inside ``own_rows()`` the person decides instead of the environment.
    """

    output_field = models.BooleanField()

    def __init__(self, *, element_column: str | None, has_person: bool) -> None:
        expressions = [models.F("environment_id")]
        if element_column:
            expressions.append(models.F(element_column))
        elif has_person:
            expressions.append(models.F("person_id"))
        super().__init__(*expressions)
        self.element_column, self.has_person = element_column, has_person

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:  # type: ignore[override]
        scope = current_scope()
        column, params = compiler.compile(self.source_expressions[0])
        if scope.own and self.has_person and not self.element_column:
            person, params = compiler.compile(self.source_expressions[1])
            return f"{person} = %s", [*params, scope.person_id]
        if scope.with_archived:
            return "TRUE", []
        if not scope.readable:  # system_rows(): only tables with a policy for grove_system answer at all
            return f"{column} NOT IN (SELECT id FROM ecosystem_environment WHERE archived_at IS NOT NULL)", params  # noqa: S608 -- a column name
        if len(scope.readable) == 1:
            mine, args = f"{column} = %s", [*params, scope.environment_id]
        else:
            mine, args = f"{column} = ANY(%s)", [*params, list(scope.readable)]
        if not self.element_column:
            return mine, args
        element, element_params = compiler.compile(self.source_expressions[1])
        offered = (
            f"{element} = ANY(ARRAY(SELECT element_id FROM ecosystem_availability"  # noqa: S608 -- a column name
            " WHERE environment_id = %s AND offered))"
        )
        return f"({mine} OR {offered})", [*args, *element_params, scope.environment_id]


class TenantManager(models.Manager[T]):
    """Every read is limited to the open scope; without one it raises."""

    def get_queryset(self) -> models.QuerySet[T]:
        # The filter is the same for every query of a model (the scope is read when the SQL is written), so it
        # is built once and cloned: a third of the time of a small query.
        key = (self.model, self._queryset_class)
        prepared = _prepared.get(key)
        if prepared is None:
            tenancy = self.model.tenancy
            condition = InScope(element_column=tenancy.element_column, has_person=tenancy.has_person)
            prepared = _prepared[key] = self._queryset_class(self.model).filter(condition)
        queryset: models.QuerySet[T] = prepared._chain()  # noqa: SLF001 -- what QuerySet.all() calls, without its detours
        queryset._db, queryset._hints = self._db, self._hints  # noqa: SLF001 -- as Manager.get_queryset does
        return queryset

    def filter(self, *args: Any, **kwargs: Any) -> models.QuerySet[T]:
        """On the queryset that is made for it, of which nobody else needs a copy without the conditions."""
        queryset = self.get_queryset()
        if type(self).get_queryset is not TenantManager.get_queryset:  # that of a row may be what was fetched before
            return queryset.filter(*args, **kwargs)
        queryset._filter_or_exclude_inplace(False, args, kwargs)  # noqa: SLF001, FBT003 -- as QuerySet.filter does with its copy
        return queryset


_prepared: dict[tuple[type[models.Model], type], models.QuerySet[Any]] = {}
