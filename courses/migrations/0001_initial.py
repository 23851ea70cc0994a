import django.contrib.postgres.functions
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("courses", "0002_conditions"),
        ("courses", "0003_drafts_and_runs"),
        ("courses", "0004_state_of_person"),
        ("courses", "0005_packages"),
        ("courses", "0006_tasks"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CourseImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("origin", models.UUIDField()),
                        ("digest", models.CharField(max_length=64)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="brought in by",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
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
                        "verbose_name": "imported course",
                        "verbose_name_plural": "imported courses",
                        "indexes": [models.Index(fields=["environment", "origin"], name="course_import_by_origin")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="course_import_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_courseimport_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="courses_courseimport_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_courseimport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_courseimport_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CourseVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        (
                            "state",
                            models.CharField(
                                choices=[("draft", "draft"), ("published", "published")], default="draft", max_length=10
                            ),
                        ),
                        ("published_at", models.DateTimeField(blank=True, null=True)),
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
                        ("edit_count", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "course version",
                        "verbose_name_plural": "course versions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "number"), name="course_version_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "draft"), ("published_at__isnull", False), _connector="XOR"
                                ),
                                name="course_version_published_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state", "draft"), ("number__gt", 0), _connector="XOR"),
                                name="course_version_draft_is_number_0",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_courseversion_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_courseversion_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="courses_courseversion_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="courses_courseversion_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DraftEdit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("act", models.CharField(max_length=20)),
                        ("title", models.CharField(max_length=200)),
                        ("changes", models.JSONField()),
                        ("reverses", models.PositiveIntegerField(null=True)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                                element_column="element_id",
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="edits",
                                to="courses.courseversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "edit of a draft",
                        "verbose_name_plural": "edits of drafts",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "version", "number"), name="draft_edit_number_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_draftedit_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "version_id"),
                                name="courses_draftedit_version_scoped",
                                target="courses_courseversion",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="courses_draftedit_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_draftedit_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_draftedit_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Block",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("position", models.PositiveSmallIntegerField()),
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
                            "version",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="blocks",
                                to="courses.courseversion",
                            ),
                        ),
                        (
                            "uid",
                            models.UUIDField(
                                db_default=django.contrib.postgres.functions.RandomUUID(),
                                default=uuid.uuid4,
                                editable=False,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("environment", "version", "position"),
                                name="block_position_once",
                            ),
                            models.UniqueConstraint(fields=("environment", "version", "uid"), name="block_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "version_id"),
                                name="courses_block_version_scoped",
                                target="courses_courseversion",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_block_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="courses_block_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="courses_block_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="courses_block_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Activity",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("type", models.CharField(max_length=40, verbose_name="type")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("position", models.PositiveSmallIntegerField()),
                        ("minutes", models.PositiveSmallIntegerField(default=0, verbose_name="minutes")),
                        ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="weight")),
                        ("optional", models.BooleanField(default=False, verbose_name="optional")),
                        ("condition", models.JSONField(blank=True, null=True, verbose_name="opens when")),
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
                            "target",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="activities",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "block",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="activities",
                                to="courses.block",
                            ),
                        ),
                        (
                            "version",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="activities",
                                to="courses.courseversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "activity",
                        "verbose_name_plural": "activities",
                        "ordering": ["block__position", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                fields=("environment", "block", "position"),
                                name="activity_position_once",
                            ),
                            models.UniqueConstraint(fields=("environment", "version", "uid"), name="activity_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "version_id"),
                                name="courses_activity_version_scoped",
                                target="courses_courseversion",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "block_id"),
                                name="courses_activity_block_scoped",
                                target="courses_block",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "target_id"),
                                name="courses_activity_target_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_activity_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_activity_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="courses_activity_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="courses_activity_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CourseRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="runs",
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
                        (
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.courseversion",
                            ),
                        ),
                        (
                            "complete_at",
                            models.PositiveSmallIntegerField(default=100, verbose_name="completed at percent"),
                        ),
                        ("lasts_days", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="days")),
                        (
                            "pace",
                            models.CharField(
                                choices=[
                                    ("fixed", "the same dates for everybody"),
                                    ("own", "from the day somebody enrols"),
                                ],
                                default="fixed",
                                max_length=10,
                                verbose_name="dates",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "course run",
                        "verbose_name_plural": "course runs",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="run_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends_on__isnull", True), ("pace", "own"), ("starts_on__isnull", True)),
                                    models.Q(("lasts_days__isnull", True), ("pace", "fixed")),
                                    _connector="OR",
                                ),
                                name="run_dates_follow_pace",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("lasts_days__isnull", True), ("lasts_days__gt", 0), _connector="OR"
                                ),
                                name="run_lasts_some_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("complete_at__range", (1, 100))), name="run_complete_at_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="run_ends_after_start",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_courserun_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "version_id"),
                                name="courses_courserun_version_scoped",
                                target="courses_courseversion",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_courserun_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_courserun_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("active", "active"),
                                    ("paused", "paused"),
                                    ("completed", "completed"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="active",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("progress", models.PositiveSmallIntegerField(default=0, verbose_name="progress in percent")),
                        ("enrolled_at", models.DateTimeField(verbose_name="enrolled at")),
                        ("last_active_at", models.DateTimeField(null=True)),
                        ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed at")),
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
                                related_name="enrolments",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "run",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="courses.courserun",
                            ),
                        ),
                        (
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.courseversion",
                            ),
                        ),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                        (
                            "instructor",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="instructor",
                            ),
                        ),
                        (
                            "mentor",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="mentor",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts on")),
                    ],
                    options={
                        "verbose_name": "enrolment",
                        "verbose_name_plural": "enrolments",
                        "indexes": [
                            models.Index(fields=["environment", "person", "state"], name="enrolment_of_person")
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "run", "person"), name="enrolment_once"),
                            models.CheckConstraint(
                                condition=models.Q(("progress__lte", 100)), name="enrolment_progress_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("completed_at__isnull", False), ("state", "completed")),
                                    models.Q(
                                        models.Q(("state", "completed"), _negated=True), ("completed_at__isnull", True)
                                    ),
                                    _connector="OR",
                                ),
                                name="enrolment_completed_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("starts_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="enrolment_ends_after_start",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "run_id"),
                                name="courses_enrolment_run_scoped",
                                target="courses_courserun",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="courses_enrolment_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_enrolment_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "version_id"),
                                name="courses_enrolment_version_scoped",
                                target="courses_courseversion",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "instructor_id"),
                                name="courses_enrolment_instructor_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "mentor_id"),
                                name="courses_enrolment_mentor_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_enrolment_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_enrolment_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ActivityState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("locked", "locked"),
                                    ("open", "open"),
                                    ("started", "started"),
                                    ("completed", "done"),
                                ],
                                default="locked",
                                max_length=10,
                            ),
                        ),
                        ("passed", models.BooleanField(null=True)),
                        ("score", models.FloatField(null=True)),
                        ("opened_at", models.DateTimeField(null=True)),
                        ("started_at", models.DateTimeField(null=True)),
                        ("completed_at", models.DateTimeField(null=True)),
                        (
                            "activity",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="states",
                                to="courses.activity",
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
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "target",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "enrolment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="states",
                                to="courses.enrolment",
                            ),
                        ),
                        ("released_at", models.DateTimeField(null=True, verbose_name="opened by hand at")),
                    ],
                    options={
                        "verbose_name": "activity state",
                        "verbose_name_plural": "activity states",
                        "indexes": [
                            models.Index(fields=["person", "target"], name="activity_state_of_target"),
                            models.Index(fields=["person", "activity"], name="activity_state_of_person"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "enrolment", "activity"), name="activity_state_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score__isnull", True), ("score__range", (0, 1)), _connector="OR"),
                                name="activity_state_score_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "completed"), ("completed_at__isnull", True), _connector="XOR"
                                ),
                                name="activity_state_completed_at_follows_state",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "enrolment_id"),
                                name="courses_activitystate_enrolment_scoped",
                                target="courses_enrolment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="courses_activitystate_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_activitystate_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "activity_id"),
                                name="courses_activitystate_activity_scoped",
                                target="courses_activity",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "target_id"),
                                name="courses_activitystate_target_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_activitystate_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_activitystate_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunGuide",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[("instructor", "instructor"), ("mentor", "mentor")],
                                max_length=12,
                                verbose_name="role",
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
                        (
                            "run",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guides",
                                to="courses.courserun",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "guide of a run",
                        "verbose_name_plural": "guides of runs",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "run", "person", "role"), name="run_guide_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("role__in", ["instructor", "mentor"])),
                                name="run_guide_role_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "run_id"),
                                name="courses_runguide_run_scoped",
                                target="courses_courserun",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="courses_runguide_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_runguide_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_runguide_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RunGroup",
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
                            "group",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="ecosystem.group",
                            ),
                        ),
                        (
                            "run",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="groups",
                                to="courses.courserun",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "group of a run",
                        "verbose_name_plural": "groups of runs",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "run", "group"), name="run_group_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "run_id"),
                                name="courses_rungroup_run_scoped",
                                target="courses_courserun",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="courses_rungroup_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_rungroup_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_rungroup_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VersionMove",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("total", models.PositiveIntegerField()),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("due_at", models.DateTimeField(default=django.utils.timezone.now, null=True)),
                        ("started_at", models.DateTimeField(default=django.utils.timezone.now)),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "run",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="courses.courserun",
                            ),
                        ),
                        (
                            "version",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.courseversion",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "move to another version",
                        "verbose_name_plural": "moves to another version",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("due_at__isnull", False)),
                                fields=["due_at"],
                                name="version_move_due",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="version_move_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("finished_at", None)),
                                fields=("environment", "run"),
                                name="version_move_one_at_a_time",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_versionmove_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "run_id"),
                                name="courses_versionmove_run_scoped",
                                target="courses_courserun",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "version_id"),
                                name="courses_versionmove_version_scoped",
                                target="courses_courseversion",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="courses_versionmove_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_versionmove_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_versionmove_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TaskReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("number", models.PositiveSmallIntegerField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("confirmed", "confirmed"),
                                    ("sent_back", "sent back"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("note", models.TextField(verbose_name="what the learner says")),
                        ("said_at", models.DateTimeField(verbose_name="said at")),
                        ("answer", models.TextField(blank=True, verbose_name="what the guide says")),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                        (
                            "answered_by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="task",
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
                        "verbose_name": "report of a task",
                        "verbose_name_plural": "reports of tasks",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["environment", "said_at"],
                                name="task_report_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="task_report_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "number"), name="task_report_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("environment", "person", "element"),
                                name="task_report_one_waits",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("answered_by", None), ("state", "waiting")),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True), ("answered_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="task_report_answered_when_it_does_not_wait",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["waiting", "confirmed", "sent_back"])),
                                name="task_report_state_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="courses_taskreport_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_taskreport_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "answered_by_id"),
                                name="courses_taskreport_answered_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_taskreport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_taskreport_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Dependency",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "activity",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dependencies",
                                to="courses.activity",
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
                            "subject",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                            ),
                        ),
                        (
                            "version",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="courses.courseversion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "activity", "subject"), name="dependency_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "version_id"),
                                name="courses_dependency_version_scoped",
                                target="courses_courseversion",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "activity_id"),
                                name="courses_dependency_activity_scoped",
                                target="courses_activity",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "subject_id"),
                                name="courses_dependency_subject_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_dependency_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="courses_dependency_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="courses_dependency_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="courses_dependency_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Topic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("source", models.CharField(max_length=40)),
                        ("subject", models.CharField(max_length=200)),
                        (
                            "activity",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="topics",
                                to="courses.activity",
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
                            "version",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="courses.courseversion",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["source", "subject"], name="topic_by_subject")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "activity", "source", "subject"), name="topic_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "version_id"),
                                name="courses_topic_version_scoped",
                                target="courses_courseversion",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "activity_id"),
                                name="courses_topic_activity_scoped",
                                target="courses_activity",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="courses_topic_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="courses_topic_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="courses_topic_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="courses_topic_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Wake",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due at")),
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
                            "state",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="courses.activitystate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "waiting activity",
                        "verbose_name_plural": "waiting activities",
                        "indexes": [models.Index(fields=["due_at"], name="wake_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "state"), name="wake_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "state_id"),
                                name="courses_wake_state_scoped",
                                target="courses_activitystate",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="courses_wake_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="courses_wake_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
