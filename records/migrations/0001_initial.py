import django.db.models.deletion
import ecosystem.models.changes
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels
from ecosystem.models.security import append_only_sql, policy_sql

# Django cannot declare partitions. One per month of stored_at; the default one catches what no month was made for.
CREATE_STATEMENT = [
    """
    CREATE TABLE records_statement (
        id uuid NOT NULL,
        environment_id bigint NOT NULL REFERENCES ecosystem_environment (id) DEFERRABLE INITIALLY DEFERRED,
        stored_at timestamptz NOT NULL,
        occurred_at timestamptz NOT NULL,
        person_id bigint,
        verb varchar(64) NOT NULL,
        element_id bigint,
        result jsonb NOT NULL,
        context jsonb NOT NULL,
        tx bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint,
        PRIMARY KEY (environment_id, stored_at, id),
        CONSTRAINT records_statement_person_scoped FOREIGN KEY (environment_id, person_id)
            REFERENCES ecosystem_membership (environment_id, person_id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT records_statement_element_scoped FOREIGN KEY (environment_id, element_id)
            REFERENCES ecosystem_availability (environment_id, element_id) DEFERRABLE INITIALLY DEFERRED
    ) PARTITION BY RANGE (stored_at);
    CREATE INDEX statement_of_person ON records_statement (environment_id, person_id, stored_at DESC);
    CREATE INDEX statement_of_element ON records_statement (environment_id, element_id, verb);
    CREATE INDEX statement_in_feed ON records_statement (environment_id, tx, id);
    CREATE TABLE records_statement_other PARTITION OF records_statement DEFAULT;
    """,
    *policy_sql("records_statement", element_column=None, own=True, system=False),
    append_only_sql("records_statement"),
    # Runs as the owner, because the runtime role may not make tables. Nothing of the caller gets into the SQL.
    """
    CREATE FUNCTION records_ensure_partitions(months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        first date := date_trunc('month', now())::date;
        start date;
        partition text;
        made integer := 0;
    BEGIN
        FOR step IN 0 .. least(greatest(months, 0), 24) LOOP
            start := (first + make_interval(months => step))::date;
            partition := 'records_statement_' || to_char(start, 'YYYY_MM');
            IF to_regclass('public.' || partition) IS NULL THEN
                EXECUTE format(
                    'CREATE TABLE public.%I PARTITION OF public.records_statement FOR VALUES FROM (%L) TO (%L)',
                    partition, start, (start + interval '1 month')::date
                );
                -- Reached through the parent only, where the policies are.
                EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition);
                EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', partition);
                EXECUTE format('REVOKE ALL ON public.%I FROM grove_app', partition);
                made := made + 1;
            END IF;
        END LOOP;
        RETURN made;
    END
    $$;
    REVOKE ALL ON FUNCTION records_ensure_partitions(integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION records_ensure_partitions(integer) TO grove_app;
    ALTER TABLE records_statement_other ENABLE ROW LEVEL SECURITY;
    ALTER TABLE records_statement_other FORCE ROW LEVEL SECURITY;
    REVOKE ALL ON records_statement_other FROM grove_app;
    SELECT records_ensure_partitions(24);
    """,
]

# Transaction numbers belong to one cluster. After a restore into another one everything is "long ago" again.
# Run by the owner, whom the policies bind as well unless they are lifted for the moment.
RESTART = """
    CREATE FUNCTION records_feed_restart() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
    DECLARE
        name text;
    BEGIN
        FOREACH name IN ARRAY ARRAY['records_statement', 'ecosystem_auditentry'] LOOP
            EXECUTE format('ALTER TABLE public.%I NO FORCE ROW LEVEL SECURITY', name);
            EXECUTE format('UPDATE public.%I SET tx = 0 WHERE tx <> 0', name);
            EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
        END LOOP;
    END
    $$;
    REVOKE ALL ON FUNCTION records_feed_restart() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("records", "0002_facts"),
        ("records", "0003_facts_from_statements"),
        ("records", "0004_feed"),
        ("records", "0005_delivery_given_up"),
        ("records", "0006_append_only"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Fact",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("verb", models.CharField(max_length=64, verbose_name="verb")),
                        ("times", models.PositiveIntegerField(default=1, verbose_name="how often")),
                        ("first_at", models.DateTimeField(verbose_name="first time")),
                        ("last_at", models.DateTimeField(verbose_name="last time")),
                        ("best", models.FloatField(null=True, verbose_name="best result")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fact",
                        "verbose_name_plural": "facts",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "verb"), name="fact_once"
                            ),
                            models.CheckConstraint(condition=models.Q(("times__gte", 1)), name="fact_happened"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="records_fact_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="records_fact_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="records_fact_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="records_fact_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("statement_id", models.UUIDField()),
                        ("statement_stored_at", models.DateTimeField()),
                        ("reaction", models.CharField(max_length=120)),
                        ("queue", models.CharField(max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[("waiting", "waiting"), ("done", "done"), ("given_up", "given up")],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField()),
                        ("done_at", models.DateTimeField(null=True)),
                        ("error", models.TextField(blank=True)),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "delivery",
                        "verbose_name_plural": "deliveries",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")), fields=["due_at"], name="delivery_due"
                            ),
                            models.Index(
                                condition=models.Q(("state", "given_up")), fields=["due_at"], name="delivery_given_up"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "statement_id", "reaction"), name="delivery_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "done"), ("done_at", None), _connector="XOR"),
                                name="delivery_done_at_follows_state",
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="records_delivery_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="records_delivery_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    CREATE_STATEMENT, "DROP TABLE records_statement; DROP FUNCTION records_ensure_partitions"
                ),
                migrations.RunSQL(RESTART, "DROP FUNCTION records_feed_restart()"),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Statement",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        ("stored_at", models.DateTimeField()),
                        ("occurred_at", models.DateTimeField()),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("verb", models.CharField(max_length=64, verbose_name="verb")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        ("result", models.JSONField(default=dict)),
                        ("context", models.JSONField(default=dict)),
                        ("tx", ecosystem.models.changes.TransactionNumber()),
                    ],
                    options={
                        "verbose_name": "learning record",
                        "verbose_name_plural": "learning records",
                        "indexes": [
                            models.Index(fields=["environment", "person", "-stored_at"], name="statement_of_person"),
                            models.Index(fields=["environment", "element", "verb"], name="statement_of_element"),
                            models.Index(fields=["environment", "tx", "id"], name="statement_in_feed"),
                        ],
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="records_statement_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="records_statement_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="records_statement_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
