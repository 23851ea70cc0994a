import django.contrib.postgres.fields
import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels
from ecosystem.models.security import append_only_sql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Assignment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("markdown", models.TextField(verbose_name="what to do")),
                        ("html", models.TextField(editable=False)),
                        ("takes_text", models.BooleanField(default=True, verbose_name="a text")),
                        ("takes_files", models.BooleanField(default=False, verbose_name="files")),
                        ("takes_link", models.BooleanField(default=False, verbose_name="an address")),
                        (
                            "endings",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=10),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="kinds of files",
                            ),
                        ),
                        ("most_files", models.PositiveSmallIntegerField(default=3, verbose_name="most files")),
                        ("most_mb", models.PositiveSmallIntegerField(default=20, verbose_name="largest file (MB)")),
                        ("most_words", models.PositiveIntegerField(blank=True, null=True, verbose_name="most words")),
                        ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="taken until")),
                        ("honour", models.CharField(blank=True, max_length=500, verbose_name="what they declare")),
                        ("most_rounds", models.PositiveSmallIntegerField(default=3, verbose_name="most rounds")),
                        (
                            "pass_mark",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="pass mark (%)"),
                        ),
                        (
                            "completed_by",
                            models.CharField(
                                choices=[
                                    ("submitted", "handing in"),
                                    ("returned", "getting feedback"),
                                    ("passed", "passing"),
                                ],
                                default="passed",
                                max_length=10,
                                verbose_name="done by",
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
                        "verbose_name": "assignment",
                        "verbose_name_plural": "assignments",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="assignment_once_per_element"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("takes_text", True), ("takes_files", True), ("takes_link", True), _connector="OR"
                                ),
                                name="assignment_takes_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_at", None),
                                    ("closes_at", None),
                                    ("due_at__lte", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="assignment_due_before_it_closes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("most_files__gte", 1), ("most_mb__gte", 1), ("most_rounds__gte", 1)
                                ),
                                name="assignment_takes_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("pass_mark", None), ("pass_mark__lte", 100), _connector="OR"),
                                name="assignment_pass_mark_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("completed_by__in", ["submitted", "returned", "passed"])),
                                name="assignment_done_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_assignment_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_assignment_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="handins_assignment_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="handins_assignment_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Extension",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("until", models.DateTimeField(verbose_name="until")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="why")),
                        ("given_at", models.DateTimeField(verbose_name="given at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="assignment",
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
                            "given_by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="given by",
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
                        "verbose_name": "extension",
                        "verbose_name_plural": "extensions",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "person"), name="extension_once_per_person"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_extension_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_extension_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "given_by_id"),
                                name="handins_extension_given_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_extension_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_extension_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Round",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("number", models.PositiveSmallIntegerField(verbose_name="round")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "draft"),
                                    ("submitted", "handed in"),
                                    ("reviewing", "in review"),
                                    ("marked", "marked, not released"),
                                    ("returned", "feedback given"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("link", models.URLField(blank=True, max_length=500, verbose_name="address")),
                        ("declared", models.CharField(blank=True, max_length=500)),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
                        ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="handed in at")),
                        ("is_late", models.BooleanField(default=False, verbose_name="late")),
                        ("released_at", models.DateTimeField(blank=True, null=True, verbose_name="released at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="assignment",
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
                            "reviewer",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewed by",
                            ),
                        ),
                        (
                            "submission",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rounds",
                                to="handins.submission",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "round",
                        "verbose_name_plural": "rounds",
                        "ordering": ["number"],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="round_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "submission", "number"), name="round_number_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "returned"), _negated=True),
                                fields=("environment", "submission"),
                                name="round_one_under_way",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "draft"), ("submitted_at", None)),
                                    models.Q(
                                        models.Q(("state", "draft"), _negated=True), ("submitted_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="round_handed_in_has_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("released_at__isnull", False), ("state", "returned")),
                                    models.Q(models.Q(("state", "returned"), _negated=True), ("released_at", None)),
                                    _connector="OR",
                                ),
                                name="round_returned_when_released",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["draft", "submitted", "reviewing", "marked", "returned"])
                                ),
                                name="round_state_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "submission_id"),
                                name="handins_round_submission_scoped",
                                target="handins_submission",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_round_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_round_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "reviewer_id"),
                                name="handins_round_reviewer_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_round_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_round_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["submitted", "reviewing"])),
                                fields=["environment", "submitted_at", "id"],
                                name="round_queue",
                            ),
                            models.Index(fields=["environment", "element", "submitted_at"], name="round_of_assignment"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandinFile",
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
                        ("file", models.FileField(max_length=200, upload_to="handins/")),
                        ("added_at", models.DateTimeField(verbose_name="added at")),
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
                                related_name="files",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of a hand-in",
                        "verbose_name_plural": "files of hand-ins",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="handin_file_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_handinfile_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_handinfile_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_handinfile_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_handinfile_rows", own=True, system=False
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
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        ("criteria", models.JSONField(default=list)),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
                        (
                            "assignment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rubrics",
                                to="handins.assignment",
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
                        "verbose_name": "rubric",
                        "verbose_name_plural": "rubrics",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "assignment", "number"), name="handin_rubric_version_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "assignment_id"),
                                name="handins_rubric_assignment_scoped",
                                target="handins_assignment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_rubric_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_rubric_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="handins_rubric_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="handins_rubric_rows", own=False, system=False
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
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("passed", models.BooleanField(verbose_name="passed")),
                        ("because", models.CharField(blank=True, max_length=300, verbose_name="why it was corrected")),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marks",
                                to="handins.round",
                            ),
                        ),
                        (
                            "rubric",
                            ecosystem.models.keys.PartKey(
                                blank=True,
                                db_constraint=False,
                                element_column="element_id",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.rubric",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mark of a hand-in",
                        "verbose_name_plural": "marks of hand-ins",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("score", None), ("score__range", (0, 1)), _connector="OR"),
                                name="handin_mark_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_mark_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_mark_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_mark_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_mark_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_mark_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_mark_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_mark_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Submission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("passed", models.BooleanField(blank=True, null=True, verbose_name="passed")),
                        ("more_rounds", models.PositiveSmallIntegerField(default=0, verbose_name="more rounds")),
                        ("is_open", models.BooleanField(default=False, verbose_name="opened again")),
                        ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed at")),
                        (
                            "assignment",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.assignment",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="assignment",
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
                        "verbose_name": "hand-in",
                        "verbose_name_plural": "hand-ins",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="submission_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "person", "element"), name="submission_once_per_person"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score", None), ("score__range", (0, 1)), _connector="OR"),
                                name="submission_score_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_submission_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_submission_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "assignment_id"),
                                name="handins_submission_assignment_scoped",
                                target="handins_assignment",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_submission_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_submission_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(append_only_sql("handins_mark"), "DROP POLICY removal ON handins_mark"),
        # Comments are words about a person: they go when somebody is erased.
        migrations.RunSQL(
            "GRANT UPDATE (comment, comments, because) ON handins_mark TO grove_app", migrations.RunSQL.noop
        ),
    ]
