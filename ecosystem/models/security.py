"""Row-level security and composite keys, declared as model constraints so that makemigrations carries them.

Policies (roles: ``launcher/roles.py``):

* ``scope``: the runtime role reads the environments of its scope and writes only the active one.
* ``own_update``, ``own_delete``: restrictive, so a row that is merely readable (offered from above,
  delegated below) can never be moved or removed.
* ``self``: the role of ``own_rows()`` reads rows of the person, in any environment.
* ``system``: the role of ``system_rows()`` reads queues.
* ``removal``: on tables whose rows are never changed, the owner's function removes those of a whole environment.

The owner has no other policy and FORCE binds it too: a data migration sees nothing unless it opens a scope.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.ddl_references import Statement, Table

ACTIVE = "nullif(current_setting('app.environment', true), '')::bigint"
READABLE = "ANY (string_to_array(nullif(current_setting('app.readable', true), ''), ',')::bigint[])"
PERSON = "nullif(current_setting('app.person', true), '')::bigint"
NOTHING = "SELECT"  # a statement without effect


def policy_sql(table: str, *, element_column: str | None, own: bool, system: bool) -> list[str]:
    """The statements that protect ``table`` (already quoted)."""
    readable = f"environment_id = {READABLE}"
    if element_column:
        # An array from a sub-select is computed once per query and can use the index; a plain OR ... IN cannot.
        readable += (
            f" OR {element_column} = ANY (ARRAY(SELECT a.element_id FROM ecosystem_availability a"  # noqa: S608 -- a column name
            f" WHERE a.environment_id = {ACTIVE} AND a.offered))"
        )
    active = f"environment_id = {ACTIVE}"
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY scope ON {table} FOR ALL TO grove_app USING ({readable}) WITH CHECK ({active})",
        f"CREATE POLICY own_update ON {table} AS RESTRICTIVE FOR UPDATE TO grove_app"
        f" USING ({active}) WITH CHECK ({active})",
        f"CREATE POLICY own_delete ON {table} AS RESTRICTIVE FOR DELETE TO grove_app USING ({active})",
    ]
    if own:
        statements += [
            f"CREATE POLICY self ON {table} FOR SELECT TO grove_self USING (person_id = {PERSON})",
            f"GRANT SELECT ON {table} TO grove_self",
        ]
    if system:
        statements += [
            f"CREATE POLICY system ON {table} FOR SELECT TO grove_system USING (true)",
            f"GRANT SELECT ON {table} TO grove_system",
        ]
    return statements


def append_only_sql(table: str) -> str:
    """The runtime role may add rows and read them; they go with their environment only (``ecosystem_remove_kept``)."""
    removing = "nullif(current_setting('app.removing', true), '')::bigint"
    return (
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM grove_app;"
        f"CREATE POLICY removal ON {table} FOR ALL TO grove_owner"
        f" USING (environment_id = {removing}) WITH CHECK (false)"
    )


class _AtTheEnd(models.BaseConstraint):
    """A constraint created when the migration has made all its tables, since it may need several of them."""

    def statement(self, model: Any, schema_editor: Any) -> Statement:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        self.create_sql(model, schema_editor)
        return ""  # nothing within CREATE TABLE

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Django executes what this gives: at once, or at the end when a column of the model has a default."""
        schema_editor.deferred_sql.append(self.statement(model, schema_editor))
        return NOTHING


class RowSecurity(_AtTheEnd):
    """Row-level security, enabled and forced, with the policies above. Added to every tenant model by itself."""

    def __init__(
        self, *, name: str, element_column: str | None = None, own: bool = False, system: bool = False
    ) -> None:
        super().__init__(name=name)
        self.element_column, self.own, self.system = element_column, own, system

    def statement(self, model: Any, schema_editor: Any) -> Statement:
        quoted = schema_editor.quote_name(model._meta.db_table)
        sql = "; ".join(policy_sql(quoted, element_column=self.element_column, own=self.own, system=self.system))
        return Statement(sql + "%(nothing)s", nothing="", table=Table(model._meta.db_table, str))

    def remove_sql(self, model: Any, schema_editor: Any) -> Statement:
        quoted = schema_editor.quote_name(model._meta.db_table)
        names = ["scope", "own_update", "own_delete", "self", "system", "removal"]
        drops = "; ".join(f"DROP POLICY IF EXISTS {name} ON {quoted}" for name in names)
        return Statement(
            f"{drops}; ALTER TABLE {quoted} NO FORCE ROW LEVEL SECURITY;"
            f" ALTER TABLE {quoted} DISABLE ROW LEVEL SECURITY%(nothing)s",
            nothing="",
            table=Table(model._meta.db_table, str),
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database decides; there is nothing to check before it does."""

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "element_column": self.element_column, "own": self.own, "system": self.system}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowSecurity) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]


class CompositeKey(_AtTheEnd):
    """A foreign key over two columns, so that PostgreSQL refuses a row that points into another environment."""

    def __init__(self, *, name: str, columns: tuple[str, str], target: str, to: tuple[str, str]) -> None:
        super().__init__(name=name)
        self.columns, self.target, self.to = tuple(columns), target, tuple(to)

    def statement(self, model: Any, schema_editor: Any) -> Statement:
        quote = schema_editor.quote_name
        return Statement(
            "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(columns)s)"
            " REFERENCES %(target)s (%(to)s) DEFERRABLE INITIALLY DEFERRED",
            table=Table(model._meta.db_table, quote),
            name=quote(self.name),
            columns=", ".join(map(quote, self.columns)),
            target=quote(self.target),
            to=", ".join(map(quote, self.to)),
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._delete_constraint_sql(  # noqa: SLF001 -- as Django's own constraints do
            schema_editor.sql_delete_constraint, model, self.name
        )

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """Say it at the field before the database does (admin, forms)."""
        field = next((f for f in model._meta.concrete_fields if f.column == self.columns[1]), None)
        if field is None or (exclude and field.name in exclude):
            return
        value = getattr(instance, field.attname)
        if value is None or not isinstance(field, models.ForeignKey):
            return
        if hasattr(field.related_model, "tenancy") and not field.related_model.objects.filter(pk=value).exists():
            raise ValidationError({field.name: self.get_violation_error_message()})

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "columns": self.columns, "target": self.target, "to": self.to}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeKey) and self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]
