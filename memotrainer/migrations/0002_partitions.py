"""Cards in hash partitions by person, reviews in monthly partitions by answer: Django cannot declare either."""

import uuid

import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
from django.conf import settings
from django.db import migrations, models

from ecosystem.models.security import policy_sql

CARD_PARTITIONS = 16
# Reached through the parent only, where the policies are.
CLOSE = """
    ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE {name} FORCE ROW LEVEL SECURITY;
    REVOKE ALL ON {name} FROM grove_app
"""
SCOPED = """
        CONSTRAINT memotrainer_{table}_person_scoped FOREIGN KEY (environment_id, person_id)
            REFERENCES ecosystem_membership (environment_id, person_id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT memotrainer_{table}_bank_scoped FOREIGN KEY (environment_id, bank_id)
            REFERENCES ecosystem_availability (environment_id, element_id) DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT memotrainer_{table}_question_scoped FOREIGN KEY (bank_id, question_id)
            REFERENCES assessments_question (element_id, id) DEFERRABLE INITIALLY DEFERRED
"""
# The owner is bound by row security too, unless it is told otherwise; the old tables go at the end of this.
SET_ASIDE = """
    ALTER TABLE memotrainer_card NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE memotrainer_review NO FORCE ROW LEVEL SECURITY;
    CREATE TEMPORARY TABLE old_card ON COMMIT DROP AS SELECT * FROM memotrainer_card;
    CREATE TEMPORARY TABLE old_review ON COMMIT DROP AS
        SELECT r.*, c.question_id FROM memotrainer_review r
        JOIN memotrainer_card c ON c.environment_id = r.environment_id AND c.id = r.card_id;
    DROP TABLE memotrainer_review;
    DROP TABLE memotrainer_card
"""
CARDS = f"""
    CREATE SEQUENCE memotrainer_card_ids;
    CREATE TABLE memotrainer_card (
        id bigint NOT NULL DEFAULT nextval('memotrainer_card_ids'),
        environment_id bigint NOT NULL REFERENCES ecosystem_environment (id) DEFERRABLE INITIALLY DEFERRED,
        person_id bigint NOT NULL,
        bank_id bigint NOT NULL,
        question_id bigint NOT NULL,
        source_id bigint,
        stability double precision NOT NULL CONSTRAINT card_stability_above_zero CHECK (stability > 0),
        difficulty double precision NOT NULL CONSTRAINT card_difficulty_in_range CHECK (difficulty BETWEEN 1 AND 10),
        due_at timestamptz NOT NULL,
        last_reviewed_at timestamptz NOT NULL,
        reviews integer NOT NULL CHECK (reviews >= 0),
        lapses integer NOT NULL CHECK (lapses >= 0),
        run smallint NOT NULL DEFAULT 0,
        evidence jsonb NOT NULL DEFAULT '{{}}',
        model_version varchar(20) NOT NULL,
        suspended_at timestamptz,
        PRIMARY KEY (environment_id, id, person_id),
        CONSTRAINT card_once_per_question UNIQUE (environment_id, person_id, question_id),
        CONSTRAINT card_due_after_its_last_answer CHECK (due_at > last_reviewed_at),
        CONSTRAINT memotrainer_card_source_scoped FOREIGN KEY (environment_id, source_id)
            REFERENCES ecosystem_availability (environment_id, element_id) DEFERRABLE INITIALLY DEFERRED,
        {SCOPED.format(table="card")}
    ) PARTITION BY HASH (person_id);
    CREATE INDEX card_due ON memotrainer_card (environment_id, person_id, due_at)
        INCLUDE (id, question_id, stability, difficulty, last_reviewed_at) WHERE suspended_at IS NULL;
    CREATE INDEX card_of_question ON memotrainer_card (environment_id, question_id)
"""
REVIEWS = f"""
    CREATE SEQUENCE memotrainer_review_ids;
    CREATE TABLE memotrainer_review (
        id bigint NOT NULL DEFAULT nextval('memotrainer_review_ids'),
        environment_id bigint NOT NULL REFERENCES ecosystem_environment (id) DEFERRABLE INITIALLY DEFERRED,
        person_id bigint NOT NULL,
        bank_id bigint NOT NULL,
        question_id bigint NOT NULL,
        version_id bigint NOT NULL,
        uid uuid NOT NULL,
        kind varchar(8) NOT NULL,
        rating smallint NOT NULL CONSTRAINT review_rating_in_range CHECK (rating BETWEEN 1 AND 4),
        fraction numeric(6, 5) NOT NULL CONSTRAINT review_fraction_in_range CHECK (fraction BETWEEN 0 AND 1),
        response jsonb,
        answered_at timestamptz NOT NULL,
        received_at timestamptz NOT NULL,
        elapsed_days integer NOT NULL CHECK (elapsed_days >= 0),
        foretold double precision,
        stability double precision NOT NULL,
        difficulty double precision NOT NULL,
        model_version varchar(20) NOT NULL,
        PRIMARY KEY (environment_id, answered_at, id),
        CONSTRAINT review_uid_once UNIQUE (environment_id, person_id, uid, answered_at),
        CONSTRAINT memotrainer_review_version_scoped FOREIGN KEY (bank_id, version_id)
            REFERENCES assessments_questionversion (element_id, id) DEFERRABLE INITIALLY DEFERRED,
        {SCOPED.format(table="review")}
    ) PARTITION BY RANGE (answered_at);
    CREATE INDEX review_of_card ON memotrainer_review (environment_id, person_id, question_id, answered_at);
    CREATE INDEX review_of_day ON memotrainer_review (environment_id, answered_at);
    CREATE TABLE memotrainer_review_other PARTITION OF memotrainer_review DEFAULT
"""
# Runs as the owner, because the runtime role may not make tables. Nothing of the caller gets into the SQL.
ENSURE = """
    CREATE FUNCTION memotrainer_ensure_partitions(months integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE
        first date := date_trunc('month', now())::date;
        start date;
        partition text;
        made integer := 0;
    BEGIN
        FOR step IN 0 .. least(greatest(months, 0), 24) LOOP
            start := (first + make_interval(months => step))::date;
            partition := 'memotrainer_review_' || to_char(start, 'YYYY_MM');
            IF to_regclass('public.' || partition) IS NULL THEN
                EXECUTE format(
                    'CREATE TABLE public.%I PARTITION OF public.memotrainer_review FOR VALUES FROM (%L) TO (%L)',
                    partition, start, (start + interval '1 month')::date
                );
                EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', partition);
                EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', partition);
                EXECUTE format('REVOKE ALL ON public.%I FROM grove_app', partition);
                made := made + 1;
            END IF;
        END LOOP;
        RETURN made;
    END
    $$;
    REVOKE ALL ON FUNCTION memotrainer_ensure_partitions(integer) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION memotrainer_ensure_partitions(integer) TO grove_app
"""
BACK = """
    INSERT INTO memotrainer_card (id, environment_id, person_id, bank_id, question_id, source_id, stability, difficulty,
        due_at, last_reviewed_at, reviews, lapses, model_version, suspended_at)
    SELECT id, environment_id, person_id, bank_id, question_id, source_id, stability, difficulty,
        due_at, last_reviewed_at, reviews, lapses, model_version, suspended_at FROM old_card;
    INSERT INTO memotrainer_review (id, environment_id, person_id, bank_id, question_id, version_id, uid, kind, rating,
        fraction, response, answered_at, received_at, elapsed_days, stability, difficulty, model_version)
    SELECT id, environment_id, person_id, bank_id, question_id, version_id, uid, kind, rating,
        fraction, response, answered_at, received_at, elapsed_days, stability, difficulty, 'fsrs-6' FROM old_review;
    SELECT setval('memotrainer_card_ids', coalesce((SELECT max(id) FROM old_card), 0) + 1, false),
           setval('memotrainer_review_ids', coalesce((SELECT max(id) FROM old_review), 0) + 1, false);
    DROP TABLE old_card; DROP TABLE old_review
"""
MAKE = [
    SET_ASIDE,
    CARDS,
    *(
        f"CREATE TABLE memotrainer_card_{n} PARTITION OF memotrainer_card"
        f" FOR VALUES WITH (MODULUS {CARD_PARTITIONS}, REMAINDER {n}) WITH (fillfactor = 85);"
        + CLOSE.format(name=f"memotrainer_card_{n}")
        for n in range(CARD_PARTITIONS)
    ),
    REVIEWS,
    CLOSE.format(name="memotrainer_review_other"),
    ENSURE,
    "SELECT memotrainer_ensure_partitions(2)",
    BACK,
    "SET CONSTRAINTS ALL IMMEDIATE",
    *policy_sql("memotrainer_card", element_column=None, own=True, system=False),
    *policy_sql("memotrainer_review", element_column=None, own=True, system=False),
    # Added and, when a person is erased, removed; never changed.
    "REVOKE UPDATE, TRUNCATE ON memotrainer_review FROM grove_app",
]


class Migration(migrations.Migration):
    dependencies = [
        ("memotrainer", "0001_initial"),
        ("assessments", "0001_initial"),
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MAKE)],
            state_operations=[
                migrations.DeleteModel("Review"),
                migrations.DeleteModel("Card"),
                migrations.CreateModel(
                    name="Card",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("stability", models.FloatField(verbose_name="stability in days")),
                        ("difficulty", models.FloatField(verbose_name="difficulty")),
                        ("due_at", models.DateTimeField(verbose_name="due at")),
                        ("last_reviewed_at", models.DateTimeField(verbose_name="last answered at")),
                        ("reviews", models.PositiveIntegerField(verbose_name="answers")),
                        ("lapses", models.PositiveIntegerField(verbose_name="forgotten")),
                        ("run", models.SmallIntegerField(default=0, verbose_name="right answers in a row")),
                        ("evidence", models.JSONField(default=dict, verbose_name="course of the answers")),
                        ("model_version", models.CharField(default="fsrs-6", max_length=20)),
                        ("suspended_at", models.DateTimeField(null=True, verbose_name="set aside at")),
                    ],
                    options={
                        "verbose_name": "card",
                        "verbose_name_plural": "cards",
                    },
                ),
                migrations.CreateModel(
                    name="Review",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("first", "first answer"), ("review", "review"), ("extra", "extra practice")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("rating", models.PositiveSmallIntegerField(verbose_name="rating")),
                        (
                            "fraction",
                            models.DecimalField(decimal_places=5, max_digits=6, verbose_name="share of the points"),
                        ),
                        ("response", models.JSONField(null=True, verbose_name="answer")),
                        ("answered_at", models.DateTimeField(verbose_name="answered at")),
                        ("received_at", models.DateTimeField(verbose_name="received at")),
                        ("elapsed_days", models.PositiveIntegerField(verbose_name="days since the answer before")),
                        ("foretold", models.FloatField(null=True, verbose_name="recall as foretold")),
                        ("stability", models.FloatField(verbose_name="stability after, in days")),
                        ("difficulty", models.FloatField(verbose_name="difficulty after")),
                        ("model_version", models.CharField(default="fsrs-6", max_length=20)),
                    ],
                    options={
                        "verbose_name": "review",
                        "verbose_name_plural": "reviews",
                    },
                ),
                migrations.AddField(
                    model_name="card",
                    name="bank",
                    field=ecosystem.models.keys.ElementKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ecosystem.element",
                    ),
                ),
                migrations.AddField(
                    model_name="card",
                    name="environment",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ecosystem.environment",
                    ),
                ),
                migrations.AddField(
                    model_name="card",
                    name="person",
                    field=ecosystem.models.keys.PersonKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="card",
                    name="question",
                    field=ecosystem.models.keys.PartKey(
                        db_constraint=False,
                        db_index=False,
                        element_column="bank_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.question",
                    ),
                ),
                migrations.AddField(
                    model_name="card",
                    name="source",
                    field=ecosystem.models.keys.ElementKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ecosystem.element",
                        verbose_name="where it was met",
                    ),
                ),
                migrations.AddField(
                    model_name="review",
                    name="bank",
                    field=ecosystem.models.keys.ElementKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ecosystem.element",
                    ),
                ),
                migrations.AddField(
                    model_name="review",
                    name="environment",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ecosystem.environment",
                    ),
                ),
                migrations.AddField(
                    model_name="review",
                    name="person",
                    field=ecosystem.models.keys.PersonKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AddField(
                    model_name="review",
                    name="question",
                    field=ecosystem.models.keys.PartKey(
                        db_constraint=False,
                        db_index=False,
                        element_column="bank_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.question",
                    ),
                ),
                migrations.AddField(
                    model_name="review",
                    name="version",
                    field=ecosystem.models.keys.PartKey(
                        db_constraint=False,
                        db_index=False,
                        element_column="bank_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessments.questionversion",
                    ),
                ),
                migrations.AddIndex(
                    model_name="card",
                    index=models.Index(
                        condition=models.Q(("suspended_at", None)),
                        fields=["environment", "person", "due_at"],
                        include=("id", "question", "stability", "difficulty", "last_reviewed_at"),
                        name="card_due",
                    ),
                ),
                migrations.AddIndex(
                    model_name="card",
                    index=models.Index(fields=["environment", "question"], name="card_of_question"),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.UniqueConstraint(
                        fields=("environment", "person", "question"), name="card_once_per_question"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("stability__gt", 0)), name="card_stability_above_zero"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("difficulty__range", (1, 10))), name="card_difficulty_in_range"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("last_reviewed_at"))),
                        name="card_due_after_its_last_answer",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("environment_id", "person_id"),
                        name="memotrainer_card_person_scoped",
                        target="ecosystem_membership",
                        to=("environment_id", "person_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("environment_id", "bank_id"),
                        name="memotrainer_card_bank_scoped",
                        target="ecosystem_availability",
                        to=("environment_id", "element_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("bank_id", "question_id"),
                        name="memotrainer_card_question_scoped",
                        target="assessments_question",
                        to=("element_id", "id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("environment_id", "source_id"),
                        name="memotrainer_card_source_scoped",
                        target="ecosystem_availability",
                        to=("environment_id", "element_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="card",
                    constraint=ecosystem.models.security.RowSecurity(
                        element_column=None, name="memotrainer_card_rows", own=True, system=False
                    ),
                ),
                migrations.AddIndex(
                    model_name="review",
                    index=models.Index(
                        fields=["environment", "person", "question", "answered_at"], name="review_of_card"
                    ),
                ),
                migrations.AddIndex(
                    model_name="review",
                    index=models.Index(fields=["environment", "answered_at"], name="review_of_day"),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=models.UniqueConstraint(
                        fields=("environment", "person", "uid", "answered_at"), name="review_uid_once"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("rating__range", (1, 4))), name="review_rating_in_range"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=models.CheckConstraint(
                        condition=models.Q(("fraction__range", (0, 1))), name="review_fraction_in_range"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("environment_id", "person_id"),
                        name="memotrainer_review_person_scoped",
                        target="ecosystem_membership",
                        to=("environment_id", "person_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("environment_id", "bank_id"),
                        name="memotrainer_review_bank_scoped",
                        target="ecosystem_availability",
                        to=("environment_id", "element_id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("bank_id", "question_id"),
                        name="memotrainer_review_question_scoped",
                        target="assessments_question",
                        to=("element_id", "id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=ecosystem.models.security.CompositeKey(
                        columns=("bank_id", "version_id"),
                        name="memotrainer_review_version_scoped",
                        target="assessments_questionversion",
                        to=("element_id", "id"),
                    ),
                ),
                migrations.AddConstraint(
                    model_name="review",
                    constraint=ecosystem.models.security.RowSecurity(
                        element_column=None, name="memotrainer_review_rows", own=True, system=False
                    ),
                ),
            ],
        ),
    ]
