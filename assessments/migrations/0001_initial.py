import assessments.question_types.registry
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels
from ecosystem.models.security import append_only_sql


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("assessments", "0002_picture_words"),
        ("assessments", "0003_bank"),
        ("assessments", "0004_questions_known"),
        ("assessments", "0005_attempts"),
        ("assessments", "0006_imports_feedback_adaptive"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Assessment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("pass_mark", models.FloatField(default=0.7, verbose_name="pass mark")),
                        (
                            "attempts_allowed",
                            models.PositiveSmallIntegerField(default=0, verbose_name="attempts allowed"),
                        ),
                        (
                            "shuffle_questions",
                            models.BooleanField(default=False, verbose_name="questions in another order each time"),
                        ),
                        (
                            "shuffle_choices",
                            models.BooleanField(default=True, verbose_name="answers in another order each time"),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                        ("anonymous_marking", models.BooleanField(default=False, verbose_name="markers see no names")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="closes at")),
                        (
                            "even_exposure",
                            models.BooleanField(default=True, verbose_name="spread the drawn questions evenly"),
                        ),
                        ("forward_only", models.BooleanField(default=False, verbose_name="only forward")),
                        (
                            "grace_seconds",
                            models.PositiveSmallIntegerField(default=30, verbose_name="seconds of grace"),
                        ),
                        (
                            "minimum_group",
                            models.PositiveSmallIntegerField(default=5, verbose_name="smallest group shown"),
                        ),
                        (
                            "minutes_allowed",
                            models.PositiveSmallIntegerField(default=0, verbose_name="minutes for an attempt"),
                        ),
                        (
                            "mode",
                            models.CharField(
                                choices=[
                                    ("quiz", "Quiz: everybody is asked the same way"),
                                    ("survey", "Survey: nobody can see who answered what"),
                                    ("feedback", "360-degree feedback: somebody, as they and others see them"),
                                    ("adaptive", "Adaptive: each question is chosen by the answers before it"),
                                ],
                                default="quiz",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="opens at")),
                        ("password_hash", models.CharField(blank=True, max_length=200)),
                        (
                            "people_mark",
                            models.BooleanField(
                                default=False, verbose_name="long texts and files count, marked by people"
                            ),
                        ),
                        ("review", models.JSONField(blank=True, default=dict)),
                        ("second_marker", models.BooleanField(default=False, verbose_name="two markers")),
                        (
                            "wait_minutes",
                            models.PositiveIntegerField(default=0, verbose_name="minutes between attempts"),
                        ),
                        (
                            "least_questions",
                            models.PositiveSmallIntegerField(default=5, verbose_name="at least so many questions"),
                        ),
                        (
                            "most_questions",
                            models.PositiveSmallIntegerField(default=20, verbose_name="at most so many questions"),
                        ),
                        ("target_error", models.FloatField(default=0.5, verbose_name="precise enough")),
                    ],
                    options={
                        "verbose_name": "assessment",
                        "verbose_name_plural": "assessments",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="assessment_once_per_element"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("pass_mark__range", (0, 1))), name="assessment_pass_mark_is_a_share"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at", None),
                                    ("closes_at", None),
                                    ("opens_at__lt", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="assessment_opens_before_it_closes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("minimum_group__gte", 3)), name="assessment_group_hides_people"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("least_questions__gte", 1),
                                    ("target_error__gt", 0),
                                    ("most_questions__gte", models.F("least_questions")),
                                ),
                                name="assessment_stop_rules",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("mode", "adaptive"), _negated=True),
                                    ("forward_only", True),
                                    _connector="OR",
                                ),
                                name="assessment_adaptive_goes_forward",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_assessment_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_assessment_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="assessments_assessment_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="assessments_assessment_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Analysis",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("attempts", models.PositiveIntegerField(default=0)),
                        ("mean", models.FloatField(default=0)),
                        ("spread", models.FloatField(default=0)),
                        ("alpha", models.FloatField(null=True)),
                        ("error", models.FloatField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "assessment",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="assessments.assessment",
                            ),
                        ),
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
                    ],
                    options={
                        "verbose_name": "analysis",
                        "verbose_name_plural": "analyses",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="analysis_once_per_element"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_analysis_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "assessment_id"),
                                name="assessments_analysis_assessment_scoped",
                                target="assessments_assessment",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_analysis_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_analysis_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Section",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "assessment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sections",
                                to="assessments.assessment",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                    ],
                    options={
                        "verbose_name": "section",
                        "verbose_name_plural": "sections",
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "assessment", "position"), name="section_position_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "assessment_id"),
                                name="assessments_section_assessment_scoped",
                                target="assessments_assessment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_section_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_section_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="assessments_section_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="assessments_section_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Override",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("extra_minutes", models.PositiveSmallIntegerField(default=0, verbose_name="extra minutes")),
                        (
                            "attempts_allowed",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="attempts allowed"),
                        ),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="opens at")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="closes at")),
                        ("because", models.CharField(blank=True, max_length=200, verbose_name="because")),
                        (
                            "assessment",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="overrides",
                                to="assessments.assessment",
                            ),
                        ),
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
                            "group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="ecosystem.group",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exception",
                        "verbose_name_plural": "exceptions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "assessment", "person"), name="override_once_per_person"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "assessment", "group"), name="override_once_per_group"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("group__isnull", False), ("person__isnull", True)),
                                    models.Q(("group__isnull", True), ("person__isnull", False)),
                                    _connector="OR",
                                ),
                                name="override_of_person_or_group",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_override_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "assessment_id"),
                                name="assessments_override_assessment_scoped",
                                target="assessments_assessment",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_override_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="assessments_override_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_override_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_override_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objective",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("slug", models.SlugField(max_length=100)),
                        ("text", models.CharField(max_length=300, verbose_name="can-do sentence")),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                    ],
                    options={
                        "verbose_name": "learning objective",
                        "verbose_name_plural": "learning objectives",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element", "slug"), name="objective_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_objective_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_objective_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="assessments_objective_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="assessments_objective_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draw",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("count", models.PositiveSmallIntegerField(verbose_name="how many")),
                        ("category", models.CharField(blank=True, max_length=250, verbose_name="category begins with")),
                        ("tag", models.CharField(blank=True, max_length=60, verbose_name="tag")),
                        ("easiest", models.FloatField(blank=True, null=True, verbose_name="difficulty from")),
                        ("hardest", models.FloatField(blank=True, null=True, verbose_name="difficulty to")),
                        (
                            "assessment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draws",
                                to="assessments.assessment",
                            ),
                        ),
                        (
                            "bank",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                            "objective",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="assessments.objective",
                            ),
                        ),
                        (
                            "section",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="assessments.section",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "random draw",
                        "verbose_name_plural": "random draws",
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "assessment", "position"), name="draw_position_once"
                            ),
                            models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="draw_takes_some"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "assessment_id"),
                                name="assessments_draw_assessment_scoped",
                                target="assessments_assessment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "section_id"),
                                name="assessments_draw_section_scoped",
                                target="assessments_section",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="assessments_draw_bank_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "objective_id"),
                                name="assessments_draw_objective_scoped",
                                target="assessments_objective",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_draw_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_draw_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="assessments_draw_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="assessments_draw_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Question",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("identifier", models.CharField(max_length=270, verbose_name="identifier")),
                        ("name", models.CharField(blank=True, max_length=250, verbose_name="name")),
                        ("category", models.TextField(blank=True, verbose_name="category")),
                        ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                            "objective",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="questions",
                                to="assessments.objective",
                            ),
                        ),
                        (
                            "source",
                            ecosystem.models.keys.ElementKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="page it comes from",
                            ),
                        ),
                        (
                            "difficulty",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                choices=[(1, "very easy"), (2, "easy"), (3, "medium"), (4, "hard"), (5, "very hard")],
                                null=True,
                                verbose_name="difficulty",
                            ),
                        ),
                        ("newest", models.PositiveIntegerField(default=0, verbose_name="version")),
                        ("review_on", models.DateField(blank=True, null=True, verbose_name="look at it again on")),
                        (
                            "tags",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="tags",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="question")),
                        (
                            "type",
                            models.CharField(
                                blank=True,
                                choices=assessments.question_types.registry.question_type_choices,
                                max_length=20,
                                verbose_name="type",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "question",
                        "verbose_name_plural": "questions",
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="question_tags"),
                            models.Index(fields=["element", "category", "id"], name="question_by_bank"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "identifier"), name="question_once_per_bank"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("difficulty", None), ("difficulty__range", (1, 5)), _connector="OR"
                                ),
                                name="question_difficulty",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "objective_id"),
                                name="assessments_question_objective_scoped",
                                target="assessments_objective",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "source_id"),
                                name="assessments_question_source_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_question_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_question_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="assessments_question_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="assessments_question_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemFigures",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("answers", models.PositiveIntegerField(default=0)),
                        ("figures", models.JSONField(default=dict)),
                        ("flags", models.JSONField(default=list)),
                        (
                            "analysis",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="assessments.analysis",
                            ),
                        ),
                        (
                            "bank",
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
                            "question",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "figures of a question",
                        "verbose_name_plural": "figures of questions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "analysis", "question"), name="item_figures_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "analysis_id"),
                                name="assessments_itemfigures_analysis_scoped",
                                target="assessments_analysis",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="assessments_itemfigures_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "question_id"),
                                name="assessments_itemfigures_question_scoped",
                                target="assessments_question",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_itemfigures_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_itemfigures_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AssessmentQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "assessment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="assessments.assessment",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                        (
                            "section",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="assessments.section",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "assessment", "question"), name="assessment_question_once"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "assessment", "position"),
                                name="assessment_question_position_once",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "assessment_id"),
                                name="assessments_assessmentquestion_assessment_scoped",
                                target="assessments_assessment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "question_id"),
                                name="assessments_assessmentquestion_question_scoped",
                                target="assessments_question",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "section_id"),
                                name="assessments_assessmentquestion_section_scoped",
                                target="assessments_section",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_assessmentquestion_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_assessmentquestion_environment_id"
                            ),
                            models.UniqueConstraint(
                                fields=("element", "id"), name="assessments_assessmentquestion_element_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id",
                                name="assessments_assessmentquestion_rows",
                                own=False,
                                system=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="QuestionVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "type",
                            models.CharField(
                                choices=assessments.question_types.registry.question_type_choices,
                                max_length=20,
                                verbose_name="type",
                            ),
                        ),
                        ("stem", models.TextField(verbose_name="question")),
                        ("body", models.JSONField()),
                        ("feedback", models.TextField(blank=True, verbose_name="why")),
                        ("points", models.PositiveSmallIntegerField(default=1, verbose_name="points")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="assessments.question",
                            ),
                        ),
                        (
                            "author",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="author",
                            ),
                        ),
                        ("author_name", models.CharField(blank=True, max_length=120, verbose_name="author")),
                        ("hints", models.JSONField(blank=True, default=list, verbose_name="hints")),
                    ],
                    options={
                        "verbose_name": "question version",
                        "verbose_name_plural": "question versions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "question", "number"), name="question_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("points__gte", 1)), name="question_version_has_points"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "question_id"),
                                name="assessments_questionversion_question_scoped",
                                target="assessments_question",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "author_id"),
                                name="assessments_questionversion_author_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_questionversion_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_questionversion_environment_id"
                            ),
                            models.UniqueConstraint(
                                fields=("element", "id"), name="assessments_questionversion_element_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id",
                                name="assessments_questionversion_rows",
                                own=False,
                                system=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Picture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("name", models.CharField(max_length=250)),
                        ("media_type", models.CharField(max_length=40)),
                        ("file", models.FileField(max_length=200, upload_to="pictures/")),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                    ],
                    options={
                        "verbose_name": "picture",
                        "verbose_name_plural": "pictures",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "sha256"), name="picture_once_per_bank"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_picture_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_picture_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="assessments_picture_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="assessments_picture_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FeedbackRound",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("opened_at", models.DateTimeField(verbose_name="asked at")),
                        ("closes_at", models.DateTimeField(verbose_name="closes")),
                        ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                        ("due_at", models.DateTimeField(null=True)),
                        (
                            "assessment",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="assessments.assessment",
                            ),
                        ),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="asked by",
                            ),
                        ),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="about",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "feedback round",
                        "verbose_name_plural": "feedback rounds",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="feedback_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="feedback_round_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("closed_at", None)),
                                fields=("environment", "assessment", "person"),
                                name="feedback_round_one_open",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_feedbackround_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "assessment_id"),
                                name="assessments_feedbackround_assessment_scoped",
                                target="assessments_assessment",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_feedbackround_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="assessments_feedbackround_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_feedbackround_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_feedbackround_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FeedbackSeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "angle",
                            models.CharField(
                                choices=[
                                    ("self", "the person"),
                                    ("manager", "managers"),
                                    ("peer", "colleagues"),
                                    ("report", "people they lead"),
                                    ("other", "others"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("answered_on", models.DateField(null=True)),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="seats",
                                to="assessments.feedbackround",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "somebody asked for feedback",
                        "verbose_name_plural": "people asked for feedback",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "person"), name="feedback_seat_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="assessments_feedbackseat_round_scoped",
                                target="assessments_feedbackround",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_feedbackseat_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_feedbackseat_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_feedbackseat_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attempt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("number", models.PositiveIntegerField(verbose_name="attempt")),
                        ("onward", models.CharField(blank=True, max_length=300)),
                        ("started_at", models.DateTimeField(verbose_name="started at")),
                        ("finished_at", models.DateTimeField(null=True, verbose_name="finished at")),
                        ("score", models.FloatField(null=True, verbose_name="score")),
                        ("passed", models.BooleanField(null=True, verbose_name="passed")),
                        (
                            "assessment",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.assessment",
                            ),
                        ),
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("deadline_at", models.DateTimeField(null=True, verbose_name="must be finished by")),
                        ("reached", models.PositiveSmallIntegerField(db_default=1, default=1)),
                        (
                            "waiting",
                            models.PositiveSmallIntegerField(
                                db_default=0, default=0, verbose_name="answers to be marked"
                            ),
                        ),
                        ("ability", models.FloatField(null=True, verbose_name="ability")),
                        ("ability_error", models.FloatField(null=True, verbose_name="standard error of the ability")),
                        (
                            "seat",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="assessments.feedbackseat",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attempt",
                        "verbose_name_plural": "attempts",
                        "indexes": [
                            models.Index(fields=["environment", "element", "-id"], name="attempts_newest_of_element"),
                            models.Index(
                                condition=models.Q(("waiting__gt", 0)), fields=["environment"], name="attempts_to_mark"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="attempt_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "number"), name="attempt_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("finished_at", None), ("seat", None)),
                                fields=("environment", "person", "element"),
                                name="attempt_one_open",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("seat__isnull", False)),
                                fields=("environment", "seat"),
                                name="attempt_once_per_seat",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("finished_at", None), ("score", None)),
                                    models.Q(("finished_at__isnull", False), ("score__isnull", False), ("waiting", 0)),
                                    models.Q(("finished_at__isnull", False), ("score", None), ("waiting__gt", 0)),
                                    _connector="OR",
                                ),
                                name="attempt_scored_when_finished",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score__isnull", True), ("score__range", (0, 1)), _connector="OR"),
                                name="attempt_score_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_attempt_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_attempt_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "assessment_id"),
                                name="assessments_attempt_assessment_scoped",
                                target="assessments_assessment",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "seat_id"),
                                name="assessments_attempt_seat_scoped",
                                target="assessments_feedbackseat",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_attempt_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_attempt_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Answer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("order", models.JSONField(null=True)),
                        ("response", models.JSONField(null=True)),
                        ("flagged", models.BooleanField(default=False)),
                        ("saved_at", models.DateTimeField(null=True)),
                        ("fraction", models.DecimalField(decimal_places=5, max_digits=6, null=True)),
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
                            "attempt",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="assessments.attempt",
                            ),
                        ),
                        (
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.questionversion",
                            ),
                        ),
                        ("client", models.CharField(blank=True, default="", max_length=36)),
                        ("revision", models.PositiveIntegerField(default=0)),
                        ("seconds", models.PositiveIntegerField(default=0)),
                        ("section", models.CharField(blank=True, default="", max_length=200)),
                        ("seen", models.JSONField(default=list)),
                        ("settled_at", models.DateTimeField(null=True)),
                        ("difficulty", models.FloatField(null=True)),
                    ],
                    options={
                        "verbose_name": "answer",
                        "verbose_name_plural": "answers",
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "attempt", "position"), name="answer_position_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("fraction__isnull", True), ("fraction__range", (-1, 1)), _connector="OR"
                                ),
                                name="answer_fraction_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "attempt_id"),
                                name="assessments_answer_attempt_scoped",
                                target="assessments_attempt",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_answer_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="assessments_answer_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "version_id"),
                                name="assessments_answer_version_scoped",
                                target="assessments_questionversion",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_answer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_answer_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerAside",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[("replaced", "replaced from another window"), ("late", "came too late")],
                                max_length=10,
                            ),
                        ),
                        ("response", models.JSONField(null=True)),
                        ("given_at", models.DateTimeField(null=True)),
                        ("at", models.DateTimeField()),
                        (
                            "answer",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="asides",
                                to="assessments.answer",
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
                        "verbose_name": "answer set aside",
                        "verbose_name_plural": "answers set aside",
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "answer_id"),
                                name="assessments_answeraside_answer_scoped",
                                target="assessments_answer",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_answeraside_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_answeraside_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_answeraside_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnswerFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("name", models.CharField(max_length=200, verbose_name="file")),
                        ("media_type", models.CharField(max_length=100)),
                        ("size", models.PositiveIntegerField()),
                        ("file", models.FileField(max_length=200, upload_to="answers/")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "answer",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="assessments.answer",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of an answer",
                        "verbose_name_plural": "files of answers",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="answer_file_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_answerfile_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "answer_id"),
                                name="assessments_answerfile_answer_scoped",
                                target="assessments_answer",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_answerfile_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_answerfile_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deadline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_at", models.DateTimeField()),
                        (
                            "attempt",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="assessments.attempt",
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
                        "verbose_name": "deadline",
                        "verbose_name_plural": "deadlines",
                        "indexes": [models.Index(fields=["due_at"], name="deadline_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "attempt"), name="deadline_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "attempt_id"),
                                name="assessments_deadline_attempt_scoped",
                                target="assessments_attempt",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_deadline_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_deadline_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FeedbackAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        (
                            "angle",
                            models.CharField(
                                choices=[
                                    ("self", "the person"),
                                    ("manager", "managers"),
                                    ("peer", "colleagues"),
                                    ("report", "people they lead"),
                                    ("other", "others"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("response", models.JSONField(null=True)),
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
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.questionversion",
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="assessments.feedbackround",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer of feedback",
                        "verbose_name_plural": "answers of feedback",
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="assessments_feedbackanswer_round_scoped",
                                target="assessments_feedbackround",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="assessments_feedbackanswer_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "version_id"),
                                name="assessments_feedbackanswer_version_scoped",
                                target="assessments_questionversion",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_feedbackanswer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_feedbackanswer_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BankImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("filename", models.CharField(max_length=250, verbose_name="file")),
                        ("file", models.FileField(blank=True, max_length=200, upload_to="imports/")),
                        ("size", models.PositiveIntegerField(verbose_name="bytes")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("looking", "being looked at"),
                                    ("ready", "waits for you"),
                                    ("bringing", "being imported"),
                                    ("done", "imported"),
                                    ("cancelled", "cancelled"),
                                    ("failed", "did not work"),
                                ],
                                default="looking",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("report", models.JSONField(default=dict)),
                        ("because", models.CharField(blank=True, max_length=300)),
                        ("runs", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField(null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="brought at"),
                        ),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="bank",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="brought by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "import of questions",
                        "verbose_name_plural": "imports of questions",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)), fields=["due_at"], name="bank_import_due"
                            ),
                            models.Index(fields=["environment", "element", "-id"], name="bank_import_newest"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="bank_import_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["cancelled", "done", "failed"]), ("ended_at", None), _connector="XOR"
                                ),
                                name="bank_import_ended_follows_state",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_bankimport_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_bankimport_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_bankimport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_bankimport_rows", own=True, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("first", "first marker"),
                                    ("second", "second marker"),
                                    ("final", "final mark"),
                                    ("again", "marked again"),
                                ],
                                max_length=6,
                            ),
                        ),
                        ("fraction", models.DecimalField(decimal_places=5, max_digits=6)),
                        ("before", models.DecimalField(decimal_places=5, max_digits=6, null=True)),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("rubric", models.JSONField(default=dict)),
                        ("at", models.DateTimeField()),
                        (
                            "answer",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to="assessments.answer",
                            ),
                        ),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        "verbose_name": "mark",
                        "verbose_name_plural": "marks",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("fraction__range", (-1, 1))), name="mark_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "answer_id"),
                                name="assessments_mark_answer_scoped",
                                target="assessments_answer",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_mark_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="assessments_mark_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_mark_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_mark_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Result",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("score", models.FloatField(null=True, verbose_name="score")),
                        ("passed", models.BooleanField(null=True, verbose_name="passed")),
                        ("waiting", models.PositiveSmallIntegerField(default=0)),
                        ("because", models.CharField(blank=True, max_length=200)),
                        ("at", models.DateTimeField()),
                        (
                            "attempt",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="results",
                                to="assessments.attempt",
                            ),
                        ),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                        "verbose_name": "result",
                        "verbose_name_plural": "results",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "attempt", "number"), name="result_number_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "attempt_id"),
                                name="assessments_result_attempt_scoped",
                                target="assessments_attempt",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="assessments_result_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="assessments_result_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_result_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_result_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Rubric",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("criteria", models.JSONField(default=list)),
                        (
                            "bank",
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
                            "question",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="assessments.question",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "rubric",
                        "verbose_name_plural": "rubrics",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "question"), name="rubric_once_per_question"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="assessments_rubric_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "question_id"),
                                name="assessments_rubric_question_scoped",
                                target="assessments_question",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_rubric_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_rubric_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyAnswer",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ("response", models.JSONField(null=True)),
                        ("released", models.BooleanField(default=False)),
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
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="bank_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="assessments.questionversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "answer to a survey",
                        "verbose_name_plural": "answers to surveys",
                        "constraints": [
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="assessments_surveyanswer_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "bank_id"),
                                name="assessments_surveyanswer_bank_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("bank_id", "version_id"),
                                name="assessments_surveyanswer_version_scoped",
                                target="assessments_questionversion",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="assessments_surveyanswer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="assessments_surveyanswer_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
        *(
            migrations.RunSQL(append_only_sql(table), migrations.RunSQL.noop)
            for table in ("assessments_mark", "assessments_result")
        ),
        # A comment is words about a person: it goes when somebody is erased.
        migrations.RunSQL("GRANT UPDATE (comment) ON assessments_mark TO grove_app", migrations.RunSQL.noop),
    ]
