import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
import memotrainer.models
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels
from ecosystem.models.security import policy_sql

# Cards in hash partitions by person, reviews in monthly partitions by answer: Django cannot declare either.
CARD_PARTITIONS = 16
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
        shift double precision NOT NULL,
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
MAKE_PARTITIONED = [
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
    *policy_sql("memotrainer_card", element_column=None, own=True, system=False),
    *policy_sql("memotrainer_review", element_column=None, own=True, system=False),
    # Added and, when a person is erased, removed; never changed.
    "REVOKE UPDATE, TRUNCATE ON memotrainer_review FROM grove_app",
]
DROP_PARTITIONED = """
    DROP TABLE memotrainer_review, memotrainer_card;
    DROP SEQUENCE memotrainer_review_ids, memotrainer_card_ids;
    DROP FUNCTION memotrainer_ensure_partitions(integer)
"""

# FSRS-6 as SQL, the same formulas as memotrainer/fsrs.py: arrays of weights begin at 1, so w0 is w[1]. s of NULL: never
# answered. For updates of many cards at once; a test holds them against NumPy.
MAKE_MEMORY = """
    CREATE FUNCTION memotrainer_recall(s float8, t float8, w float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT power(1 + (power(0.9, -1 / w[21]) - 1) * t / s, -w[21])
    $$;
    CREATE FUNCTION memotrainer_interval(s float8, wanted float8, w float8[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT least(36500, greatest(1,
            round(s / (power(0.9, -1 / w[21]) - 1) * (power(wanted, -1 / w[21]) - 1))))::integer
    $$;
    CREATE FUNCTION memotrainer_stability(s float8, d float8, t float8, g integer, w float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT greatest(0.001, CASE
            WHEN s IS NULL THEN w[g]
            WHEN t < 1 THEN s * CASE WHEN g > 1 THEN greatest(1, x.same_day) ELSE x.same_day END
            WHEN g = 1 THEN least(w[12] * power(d, -w[13]) * (power(s + 1, w[14]) - 1) * exp(w[15] * (1 - x.recall)),
                s / exp(w[18] * w[19]))
            ELSE s * (1 + exp(w[9]) * (11 - d) * power(s, -w[10]) * (exp(w[11] * (1 - x.recall)) - 1)
                * CASE g WHEN 2 THEN w[16] WHEN 4 THEN w[17] ELSE 1 END)
            END)
        FROM (SELECT memotrainer_recall(s, t, w) AS recall, exp(w[18] * (g - 3 + w[19])) * power(s, -w[20]) AS same_day) x
    $$;
    CREATE FUNCTION memotrainer_difficulty(d float8, g integer, w float8[]) RETURNS float8
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT least(10, greatest(1, CASE
            WHEN d IS NULL THEN w[5] - exp(w[6] * (g - 1)) + 1
            ELSE w[8] * (w[5] - exp(w[6] * 3) + 1) + (1 - w[8]) * (d - (10 - d) * w[7] * (g - 3) / 9) END))
    $$
"""
DROP_MEMORY = """
    DROP FUNCTION memotrainer_difficulty(float8, integer, float8[]);
    DROP FUNCTION memotrainer_stability(float8, float8, float8, integer, float8[]);
    DROP FUNCTION memotrainer_interval(float8, float8, float8[]);
    DROP FUNCTION memotrainer_recall(float8, float8, float8[])
"""


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("memotrainer", "0002_partitions"),
        ("memotrainer", "0003_training_and_fits"),
        ("memotrainer", "0004_shift_and_replays"),
        ("memotrainer", "0005_memory_in_sql"),
    ]

    dependencies = [
        ("assessments", "0001_initial"),
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Withdrawal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        ("at", models.DateTimeField(verbose_name="taken back at")),
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
                        "verbose_name": "answer taken back",
                        "verbose_name_plural": "answers taken back",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "person", "uid"), name="withdrawal_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_withdrawal_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_withdrawal_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_withdrawal_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Trainer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reminder_hour",
                            models.PositiveSmallIntegerField(
                                default=8,
                                validators=[django.core.validators.MaxValueValidator(23)],
                                verbose_name="hour of the reminder",
                            ),
                        ),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                default=memotrainer.models.working_days,
                                size=None,
                                verbose_name="days",
                            ),
                        ),
                        ("reminders_off", models.BooleanField(default=False, verbose_name="no reminders")),
                        ("desired_retention", models.FloatField(default=0.9, verbose_name="recall aimed at")),
                        (
                            "session_size",
                            models.PositiveSmallIntegerField(
                                default=12,
                                validators=[
                                    django.core.validators.MinValueValidator(3),
                                    django.core.validators.MaxValueValidator(50),
                                ],
                                verbose_name="most cards a day",
                            ),
                        ),
                        ("next_reminder_at", models.DateTimeField(null=True, verbose_name="next reminder at")),
                        (
                            "ignored",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="reminders without an answer since"
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
                        (
                            "easy_days",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                default=list,
                                size=None,
                                verbose_name="days with less",
                            ),
                        ),
                        ("paused_until", models.DateField(null=True, verbose_name="paused until")),
                        (
                            "streak_level",
                            models.PositiveSmallIntegerField(null=True, verbose_name="right answers in a row"),
                        ),
                    ],
                    options={
                        "verbose_name": "trainer",
                        "verbose_name_plural": "trainers",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_reminder_at__isnull", False)),
                                fields=["next_reminder_at"],
                                name="trainer_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "person"), name="trainer_once_per_person"),
                            models.CheckConstraint(
                                condition=models.Q(("reminder_hour__lte", 23)), name="trainer_hour_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("weekdays__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                                    ("easy_days__contained_by", [1, 2, 3, 4, 5, 6, 7]),
                                ),
                                name="trainer_weekdays_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("desired_retention__range", (0.7, 0.97))),
                                name="trainer_retention_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("session_size__range", (3, 50))), name="trainer_size_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("streak_level", None), ("streak_level__range", (1, 6)), _connector="OR"
                                ),
                                name="trainer_level_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_trainer_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_trainer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_trainer_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Profile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("evidence", models.JSONField(default=dict)),
                        ("correction", models.JSONField(default=dict)),
                        ("updated_at", models.DateTimeField(auto_now=True)),
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
                        ("replayed_at", models.DateTimeField(null=True, verbose_name="cards made anew at")),
                    ],
                    options={
                        "verbose_name": "memory profile",
                        "verbose_name_plural": "memory profiles",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "person"), name="profile_once_per_person"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_profile_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_profile_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_profile_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("answers", models.PositiveIntegerField(default=0, verbose_name="answers")),
                        ("surprise", models.FloatField(default=0.0)),
                        ("weight", models.FloatField(default=0.0)),
                        ("late_answers", models.PositiveIntegerField(default=0, verbose_name="answers after days")),
                        ("late_surprise", models.FloatField(default=0.0)),
                        ("late_weight", models.FloatField(default=0.0)),
                        (
                            "bank",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
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
                            "question",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                db_index=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "ease of a question",
                        "verbose_name_plural": "ease of questions",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "question"), name="ease_once_per_question"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="memotrainer_ease_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "question_id"),
                                name="memotrainer_ease_question_scoped",
                                target="assessments_question",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_ease_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_ease_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "scope",
                            models.CharField(
                                choices=[
                                    ("environment", "everybody here"),
                                    ("course", "a course"),
                                    ("person", "a person"),
                                ],
                                max_length=12,
                                verbose_name="of",
                            ),
                        ),
                        (
                            "weights",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.FloatField(), size=None, verbose_name="weights"
                            ),
                        ),
                        ("population", models.JSONField(default=dict)),
                        ("reviews", models.PositiveIntegerField(verbose_name="answers")),
                        ("loss_before", models.FloatField(null=True, verbose_name="log loss on later days, before")),
                        ("loss_after", models.FloatField(null=True, verbose_name="log loss on later days, after")),
                        ("accepted", models.BooleanField(verbose_name="accepted")),
                        ("model_version", models.CharField(default="fsrs-6", max_length=20)),
                        ("fitted_at", models.DateTimeField(verbose_name="fitted at")),
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
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "fit",
                        "verbose_name_plural": "fits",
                        "indexes": [
                            models.Index(
                                fields=["environment", "scope", "element", "person", "-fitted_at"], name="fit_newest"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("element", None), ("person", None), ("scope", "environment")),
                                    models.Q(("element__isnull", False), ("person", None), ("scope", "course")),
                                    models.Q(("element", None), ("person__isnull", False), ("scope", "person")),
                                    _connector="OR",
                                ),
                                name="fit_scope_names_its_own",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weights__len", 21)), name="fit_has_all_weights"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="memotrainer_fit_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_fit_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_fit_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_fit_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Training",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("maintain", "Keep knowledge"),
                                    ("test", "Prepare for a test"),
                                    ("streak", "Right answers in a row"),
                                ],
                                default="maintain",
                                max_length=12,
                                verbose_name="way",
                            ),
                        ),
                        ("desired_retention", models.FloatField(default=0.9, verbose_name="recall aimed at")),
                        (
                            "streak_level",
                            models.PositiveSmallIntegerField(default=3, verbose_name="right answers in a row"),
                        ),
                        ("test_on", models.DateField(null=True, verbose_name="day of the test")),
                        ("minutes_a_day", models.PositiveSmallIntegerField(default=6, verbose_name="minutes a day")),
                        ("from_day_one", models.BooleanField(default=False, verbose_name="all questions from day one")),
                        (
                            "with_extras",
                            models.BooleanField(
                                default=False, verbose_name="also questions of the banks that no quiz asked"
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="course",
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
                    ],
                    options={
                        "verbose_name": "training",
                        "verbose_name_plural": "trainings",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="training_once_per_course"),
                            models.CheckConstraint(
                                condition=models.Q(("desired_retention__range", (0.7, 0.97))),
                                name="training_retention_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("streak_level__range", (1, 6))), name="training_level_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minutes_a_day__range", (1, 120))), name="training_minutes_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("mode", "test"), _negated=True),
                                    ("test_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="training_test_has_a_day",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="memotrainer_training_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_training_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_training_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuestionReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=500, verbose_name="what is wrong with it")),
                        ("reported_at", models.DateTimeField(verbose_name="reported at")),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
                        (
                            "bank",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
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
                        (
                            "question",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                db_index=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "report about a question",
                        "verbose_name_plural": "reports about questions",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("settled_at", None)),
                                fields=("environment", "person", "question"),
                                name="report_one_open_per_question",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_questionreport_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="memotrainer_questionreport_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "question_id"),
                                name="memotrainer_questionreport_question_scoped",
                                target="assessments_question",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="memotrainer_questionreport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_questionreport_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MAKE_PARTITIONED, DROP_PARTITIONED)],
            state_operations=[
                migrations.CreateModel(
                    name="Card",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "bank",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "question",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                db_index=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                        (
                            "source",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="where it was met",
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
                        (
                            "shift",
                            models.FloatField(
                                default=0.0,
                                verbose_name="how far recall differs from what the memory state says, in logits",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "card",
                        "verbose_name_plural": "cards",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("suspended_at", None)),
                                fields=["environment", "person", "due_at"],
                                include=("id", "question", "stability", "difficulty", "last_reviewed_at"),
                                name="card_due",
                            ),
                            models.Index(fields=["environment", "question"], name="card_of_question"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "question"), name="card_once_per_question"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("stability__gt", 0)), name="card_stability_above_zero"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("difficulty__range", (1, 10))), name="card_difficulty_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("due_at__gt", models.F("last_reviewed_at"))),
                                name="card_due_after_its_last_answer",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_card_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="memotrainer_card_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "question_id"),
                                name="memotrainer_card_question_scoped",
                                target="assessments_question",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "source_id"),
                                name="memotrainer_card_source_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_card_rows", own=True, system=False
                            ),
                        ],
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
                        (
                            "bank",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "question",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                db_index=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                        (
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                db_index=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.questionversion",
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
                        "indexes": [
                            models.Index(
                                fields=["environment", "person", "question", "answered_at"], name="review_of_card"
                            ),
                            models.Index(fields=["environment", "answered_at"], name="review_of_day"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "uid", "answered_at"), name="review_uid_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("rating__range", (1, 4))), name="review_rating_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fraction__range", (0, 1))), name="review_fraction_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="memotrainer_review_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="memotrainer_review_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "question_id"),
                                name="memotrainer_review_question_scoped",
                                target="assessments_question",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "version_id"),
                                name="memotrainer_review_version_scoped",
                                target="assessments_questionversion",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="memotrainer_review_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(MAKE_MEMORY, DROP_MEMORY),
    ]
