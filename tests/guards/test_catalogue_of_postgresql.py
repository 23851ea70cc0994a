"""What PostgreSQL itself says about tenancy, read from pg_catalog of the migrated database.

It counts what it looked at, and finds holes that are planted for it.
"""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models

from ecosystem.models import Person, TenantModel
from tests import databases

# Tables that carry environment_id and still stand outside row-level security, each with its reason.
OUTSIDE = {
    "ecosystem_host": "a host name decides on the environment before any scope is open",
    "ecosystem_environmentancestor": "the tree itself, which tenant rows point at",
    "ecosystem_environmentsetting": "part of the environment: read up the tree, and below to tell what a change would do",
    "ecosystem_searchentry": "full text cannot use its index under row-level security; holds keys and stems only",
}
# Unique keys that cannot begin with the environment, each with its reason.
FREE_UNIQUES = {
    "ecosystem_host": "host names are unique in the world",
}
# Foreign keys between tenant tables that name the element instead of the environment: private rows point at parts
# of content that may come from above, and hold (environment, element) -> availability beside it.
SECURITY_DEFINERS = {
    "records_ensure_partitions": "makes partitions as the owner; takes a number and nothing else",
    "memotrainer_ensure_partitions": "makes partitions as the owner; takes a number and nothing else",
    "ecosystem_audit_link_add": "a trigger; adds the link of an entry, which nobody else may",
    "ecosystem_audit_link_close": "a trigger; gives a link its place and its hash",
    "ecosystem_audit_forget": "removes audit entries that are older than two years, and no others",
    "ecosystem_remove_kept": "removes append-only rows of an archived environment whose day has come, of no other",
}

TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relispartition,
           (SELECT attnotnull FROM pg_attribute WHERE attrelid = c.oid AND attname = 'environment_id'),
           pg_get_userbyid(c.relowner), has_table_privilege('grove_app', c.oid, 'SELECT')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
      AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'environment_id')
"""
POLICIES = """
    SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies
    WHERE schemaname = 'public'
"""
UNIQUES = """
    SELECT t.relname, i.relname, x.indisprimary,
           ARRAY(SELECT a.attname FROM unnest(x.indkey) WITH ORDINALITY k(attnum, ord)
                 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum ORDER BY k.ord)::text[]
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    WHERE x.indisunique AND t.relname = ANY(%s)
"""
FOREIGN_KEYS = """
    SELECT t.relname, c.conname, r.relname,
           ARRAY(SELECT attname FROM pg_attribute WHERE attrelid = t.oid AND attnum = ANY(c.conkey))::text[]
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
    WHERE c.contype = 'f' AND t.relname = ANY(%s) AND r.relname = ANY(%s)
"""


def rows(sql: str, *params: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall()


def tenant_tables() -> list[str]:
    return [row[0] for row in rows(TABLES) if row[0] not in OUTSIDE and not row[3]]


def unprotected() -> list[str]:
    """Tables with an environment column whose rows PostgreSQL would not keep apart."""
    found = []
    policies: dict[str, list[tuple]] = {}
    for policy in rows(POLICIES):
        policies.setdefault(policy[0], []).append(policy)
    for name, enabled, forced, partition, not_null, _owner, readable in rows(TABLES):
        if name in OUTSIDE:
            continue
        if not (enabled and forced):
            found.append(f"{name}: row-level security is not enabled and forced")
        if partition:
            if readable:
                found.append(f"{name}: a partition can be read past its parent")
            continue
        if not not_null:
            found.append(f"{name}: environment_id may be null")
        scope = [p for p in policies.get(name, []) if p[1] == "scope" and p[4] == "ALL" and p[5] and p[6]]
        if not scope or scope[0][3] != ["grove_app"]:
            found.append(f"{name}: no policy for the runtime role with USING and WITH CHECK")
        restrictive = {p[4] for p in policies.get(name, []) if p[2] == "RESTRICTIVE"}
        if restrictive != {"UPDATE", "DELETE"}:
            found.append(f"{name}: readable rows could be changed or deleted")
    return found


def crossing_uniques() -> list[str]:
    """Unique keys through which one environment could learn what another has."""
    found = []
    for table, index, primary, columns in rows(UNIQUES, tenant_tables()):
        if table in FREE_UNIQUES or (primary and columns == ["id"]):
            continue
        generated_only = set(columns) <= {"element_id", "id"} and "id" in columns
        if columns[0] != "environment_id" and not generated_only:
            found.append(f"{index} on {table}: {columns}")
    return found


def crossing_foreign_keys() -> list[str]:
    """Foreign keys by which a row could point into another environment."""
    tables = tenant_tables()
    composite: dict[tuple[str, str], list[list[str]]] = {}
    for table, _name, target, columns in rows(FOREIGN_KEYS, tables, tables):
        composite.setdefault((table, target), []).append(sorted(columns))
    found = []
    for (table, target), keys in composite.items():
        for columns in keys:
            tied = "environment_id" in columns or len(columns) == 2
            if not tied:
                found.append(f"{table} -> {target}: {columns}")
    return found


def unconstrained_columns() -> list[str]:
    """Columns that Django thinks of as foreign keys between tenant rows and PostgreSQL does not."""
    held = {
        (table, column)
        for table, _name, _target, columns in rows(
            FOREIGN_KEYS, tenant_tables(), [*tenant_tables(), "ecosystem_environmentancestor"]
        )
        for column in columns
    }
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey)
        and (
            issubclass(field.related_model, TenantModel)
            or (field.related_model is Person and model.__name__ != "Membership")
        )
        and (model._meta.db_table, field.column) not in held
    ]


@pytest.mark.django_db
class TestAsMigrated:
    def test_every_tenant_table_is_protected(self):
        print(f"\n{len(tenant_tables())} tenant tables, {len(rows(POLICIES))} policies looked at")
        assert len(tenant_tables()) >= 25
        assert unprotected() == []

    def test_no_unique_key_tells_of_another_environment(self):
        assert len(rows(UNIQUES, tenant_tables())) >= 60
        assert crossing_uniques() == []

    def test_no_foreign_key_leaves_its_environment(self):
        assert len(rows(FOREIGN_KEYS, tenant_tables(), tenant_tables())) >= 40
        assert crossing_foreign_keys() == []
        assert unconstrained_columns() == []

    def test_every_tenant_model_has_its_table_here(self):
        ours = {m._meta.db_table for m in apps.get_models() if issubclass(m, TenantModel)}
        assert ours == set(tenant_tables())

    def test_views_and_functions_do_not_go_round_it(self):
        views = rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
        )
        assert views == []
        definers = rows("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        assert {name for (name,) in definers} == set(SECURITY_DEFINERS)

    def test_the_runtime_role_is_bound(self):
        ((name, is_super, bypasses, creates, inherits),) = rows(
            """
            SELECT current_user::text, rolsuper, rolbypassrls, rolcreatedb OR rolcreaterole,
                   EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid AND m.inherit_option)
            FROM pg_roles r WHERE rolname = current_user
            """
        )
        assert (name, is_super, bypasses, creates, inherits) == ("grove_app", False, False, False, False)
        owned = rows("SELECT relname FROM pg_class WHERE relowner = 'grove_app'::regrole")
        assert owned == []

    def test_answers_to_cards_are_added_and_removed_but_never_changed(self):
        may = "SELECT " + ", ".join(
            f"has_table_privilege('memotrainer_review', '{p}')" for p in ("INSERT", "DELETE", "UPDATE")
        )
        assert rows(may) == [(True, True, False)]

    @pytest.mark.parametrize("table", ["records_statement", "ecosystem_auditentry", "ecosystem_seatentry"])
    def test_what_happened_cannot_be_changed(self, table):
        ((inserts, *changes),) = rows(
            "SELECT has_table_privilege(%s, 'INSERT'), has_table_privilege(%s, 'UPDATE'),"
            " has_table_privilege(%s, 'DELETE'), has_table_privilege(%s, 'TRUNCATE')",
            *[table] * 4,
        )
        assert inserts
        assert changes == [False, False, False]

    def test_the_chain_is_written_by_its_triggers_only(self):
        ((reads, *writes),) = rows(
            "SELECT has_table_privilege(t, 'SELECT'), has_table_privilege(t, 'INSERT'), has_table_privilege(t, 'UPDATE'),"
            " has_table_privilege(t, 'DELETE'), has_table_privilege(t, 'TRUNCATE') FROM (VALUES ('ecosystem_auditlink')) x(t)"
        )
        assert reads
        assert writes == [False] * 4

    def test_the_owner_sees_only_what_is_too_old_to_keep_or_being_removed(self):
        found = rows(
            "SELECT tablename, policyname, cmd, qual FROM pg_policies WHERE 'grove_owner' = ANY(roles) ORDER BY 1, 2"
        )
        old = "(at < (now() - '2 years'::interval))"
        gone = "(environment_id = (NULLIF(current_setting('app.removing'::text, true), ''::text))::bigint)"
        kept = (
            "assessments_mark", "assessments_result", "ecosystem_auditentry", "ecosystem_auditlink", "ecosystem_seatentry",
            "handins_agreement", "handins_independentmark", "handins_mark", "handins_moderation", "handins_reveal",
            "handins_verdict", "lti_score", "records_statement",
        )  # fmt: skip
        assert [row for row in found if row[1] == "removal"] == [(table, "removal", "ALL", gone) for table in kept]
        assert [row for row in found if row[1] != "removal"] == [
            ("ecosystem_auditentry", "too_old", "SELECT", old),
            ("ecosystem_auditentry", "too_old_goes", "DELETE", old),
            ("ecosystem_auditlink", "chain", "ALL", "true"),
        ]


@pytest.fixture
def with_holes(django_db_setup, django_db_blocker):
    """A database of its own in which a superuser has planted all the holes; this connection reads it."""
    before = settings.DATABASES["default"]["NAME"]
    name = f"{before}_holes"
    databases.clone(databases.migrated_template(), name)
    with databases.admin(name) as cursor:
        for hole in HOLES:
            cursor.execute(hole)
    databases.use(name)
    with django_db_blocker.unblock():
        yield
    databases.use(before)
    databases.drop(name)


HOLES = (
    "ALTER TABLE courses_enrolment DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE courses_courserun NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY scope ON assessments_answer",
    "DROP POLICY own_delete ON ecosystem_element",
    "ALTER TABLE courses_block ALTER environment_id DROP NOT NULL",
    "CREATE TABLE forgotten (id bigint, environment_id bigint NOT NULL)",
    "CREATE UNIQUE INDEX hole ON ecosystem_element (slug)",
    "ALTER TABLE courses_block ADD CONSTRAINT hole FOREIGN KEY (version_id) REFERENCES courses_courseversion (id)",
    "ALTER TABLE courses_enrolment DROP CONSTRAINT courses_enrolment_run_scoped",
)


def test_each_planted_hole_is_found_and_named(with_holes):
    assert sorted(unprotected()) == [
        "assessments_answer: no policy for the runtime role with USING and WITH CHECK",
        "courses_block: environment_id may be null",
        "courses_courserun: row-level security is not enabled and forced",
        "courses_enrolment: row-level security is not enabled and forced",
        "ecosystem_element: readable rows could be changed or deleted",
        "forgotten: no policy for the runtime role with USING and WITH CHECK",
        "forgotten: readable rows could be changed or deleted",
        "forgotten: row-level security is not enabled and forced",
    ]
    assert "hole on ecosystem_element: ['slug']" in crossing_uniques()
    assert crossing_foreign_keys() == ["courses_block -> courses_courseversion: ['version_id']"]
    assert unconstrained_columns() == ["courses.Enrolment.run"]
