import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
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
        ("handins", "0002_marking"),
        ("handins", "0010_uploads"),
        ("handins", "0011_recordings"),
        ("handins", "0012_remarks"),
        ("handins", "0013_exemplars"),
        ("handins", "0014_saved_comments"),
        ("handins", "0015_double_marking"),
        ("handins", "0020_teams"),
        ("handins", "0021_anonymous"),
        ("handins", "0022_conflicts"),
        ("handins", "0023_moderation"),
        ("handins", "0024_queue_indexes"),
        ("handins", "0030_peers"),
        ("handins", "0031_peer_training"),
        ("handins", "0040_similarity"),
        ("handins", "0050_corrections"),
        ("handins", "0051_queue_turns"),
        ("handins", "0052_pages"),
        ("handins", "0053_on_the_job"),
    ]

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
                        ("takes_audio", models.BooleanField(default=False, verbose_name="a sound recording")),
                        ("takes_video", models.BooleanField(default=False, verbose_name="a video recording")),
                        ("is_double", models.BooleanField(default=False, verbose_name="marked by two")),
                        (
                            "tolerance",
                            models.PositiveSmallIntegerField(default=10, verbose_name="how far two marks may be apart"),
                        ),
                        (
                            "all_agree",
                            models.BooleanField(default=False, verbose_name="everybody in the team agrees first"),
                        ),
                        ("is_group", models.BooleanField(default=False, verbose_name="handed in by teams")),
                        ("is_anonymous", models.BooleanField(default=False, verbose_name="marked without names")),
                        (
                            "borderline",
                            models.PositiveSmallIntegerField(default=5, verbose_name="how near the pass mark (points)"),
                        ),
                        (
                            "moderation",
                            models.CharField(
                                choices=[
                                    ("none", "no marks"),
                                    ("sample", "a random share of the marks"),
                                    ("failing", "all that fail, and those near the pass mark"),
                                ],
                                default="none",
                                max_length=10,
                                verbose_name="marks for a moderator",
                            ),
                        ),
                        (
                            "moderation_active",
                            models.BooleanField(default=True, verbose_name="release waits for the moderator"),
                        ),
                        ("moderation_seed", models.CharField(blank=True, editable=False, max_length=32)),
                        (
                            "moderation_share",
                            models.PositiveSmallIntegerField(default=10, verbose_name="share of the marks (%)"),
                        ),
                        ("is_compared", models.BooleanField(default=True, verbose_name="compared with other hand-ins")),
                        ("is_on_the_job", models.BooleanField(default=False, verbose_name="confirmed by a supervisor")),
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("takes_text", True),
                                    ("takes_files", True),
                                    ("takes_link", True),
                                    ("takes_audio", True),
                                    ("takes_video", True),
                                    _connector="OR",
                                ),
                                name="assignment_takes_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tolerance__lte", 100)), name="assignment_tolerance_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("borderline__lte", 100),
                                    ("moderation__in", ["none", "sample", "failing"]),
                                    ("moderation_share__range", (1, 100)),
                                ),
                                name="assignment_moderation_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("moderation", "sample"), _negated=True),
                                    models.Q(("moderation_seed", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="assignment_sample_has_a_seed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_on_the_job", False),
                                    models.Q(("is_anonymous", False), ("is_group", False)),
                                    _connector="OR",
                                ),
                                name="assignment_on_the_job_of_one_by_name",
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
                                    ("reviewing", "being marked"),
                                    ("marked", "marking completed"),
                                    ("checking", "marks in review"),
                                    ("ready", "ready for release"),
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
                        (
                            "marker",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="allocated to",
                            ),
                        ),
                        (
                            "second",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="allocated to as the second",
                            ),
                        ),
                        ("turn_at", models.DateTimeField(blank=True, editable=False, null=True)),
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
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        ["draft", "submitted", "reviewing", "marked", "checking", "ready", "returned"],
                                    )
                                ),
                                name="round_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("marker", None),
                                    models.Q(("marker", models.F("person")), _negated=True),
                                    _connector="OR",
                                ),
                                name="round_marked_by_another",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "marker_id"),
                                name="handins_round_marker_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("second", None),
                                    models.Q(
                                        models.Q(("second", models.F("person")), _negated=True),
                                        models.Q(
                                            ("marker", None),
                                            models.Q(("second", models.F("marker")), _negated=True),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="round_second_is_another",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "second_id"),
                                name="handins_round_second_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("submitted_at", None), ("turn_at", None)),
                                    models.Q(
                                        ("submitted_at__isnull", False),
                                        ("turn_at__isnull", False),
                                        ("turn_at__lte", models.F("submitted_at")),
                                    ),
                                    _connector="OR",
                                ),
                                name="round_handed_in_has_a_turn",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "returned"), _negated=True),
                                    ("turn_at", models.F("submitted_at")),
                                    _connector="OR",
                                ),
                                name="round_returned_in_turn",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ["marked", "checking", "ready"])),
                                fields=["environment", "element"],
                                name="round_judged_of",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["submitted", "reviewing"])),
                                fields=["environment", "turn_at", "uid"],
                                name="round_queue",
                            ),
                            models.Index(fields=["environment", "element", "turn_at"], name="round_of_assignment"),
                            models.Index(
                                condition=models.Q(("state__in", ["marked", "checking", "ready"])),
                                fields=["environment", "turn_at", "uid"],
                                name="round_to_release",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["draft", "returned"]), _negated=True),
                                fields=["environment", "marker", "turn_at", "uid"],
                                name="round_of_marker",
                            ),
                            models.Index(
                                condition=models.Q(("state__in", ["submitted", "reviewing"])),
                                fields=["environment", "element", "turn_at", "uid"],
                                name="round_queue_of",
                            ),
                            models.Index(
                                condition=models.Q(("marker", None), ("state__in", ["submitted", "reviewing"])),
                                fields=["environment", "turn_at", "uid"],
                                name="round_unallocated",
                            ),
                            models.Index(
                                condition=models.Q(("marker", None), ("state__in", ["submitted", "reviewing"])),
                                fields=["environment", "element", "turn_at", "uid"],
                                name="round_unallocated_of",
                            ),
                            models.Index(
                                condition=models.Q(("state", "returned")),
                                fields=["environment", "turn_at", "uid"],
                                name="round_returned",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("second__isnull", False),
                                    models.Q(("state__in", ["draft", "returned"]), _negated=True),
                                ),
                                fields=["environment", "second", "turn_at", "uid"],
                                name="round_of_second",
                            ),
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
                        ("size", models.PositiveBigIntegerField()),
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
                        (
                            "team",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.team",
                            ),
                        ),
                        (
                            "pseudonym",
                            models.CharField(blank=True, editable=False, max_length=16, verbose_name="pseudonym"),
                        ),
                    ],
                    options={
                        "verbose_name": "hand-in",
                        "verbose_name_plural": "hand-ins",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="submission_uid_once"),
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
                            models.UniqueConstraint(
                                condition=models.Q(("team", None)),
                                fields=("environment", "person", "element"),
                                name="submission_once_per_person",
                            ),
                            models.UniqueConstraint(fields=("environment", "team"), name="submission_once_per_team"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "team_id"),
                                name="handins_submission_team_scoped",
                                target="handins_team",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("pseudonym", ""), _negated=True),
                                fields=("environment", "element", "pseudonym"),
                                name="submission_pseudonym_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("name", models.CharField(max_length=200, verbose_name="file")),
                        ("size", models.PositiveBigIntegerField(verbose_name="bytes")),
                        ("received", models.PositiveBigIntegerField(default=0, verbose_name="bytes received")),
                        ("touched_at", models.DateTimeField(verbose_name="last heard of")),
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
                            "file",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.handinfile",
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
                                related_name="uploads",
                                to="handins.round",
                            ),
                        ),
                        ("is_feedback", models.BooleanField(default=False, verbose_name="feedback")),
                        (
                            "feedback",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.feedbackfile",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "upload",
                        "verbose_name_plural": "uploads",
                        "indexes": [models.Index(fields=["touched_at"], name="upload_abandoned")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="upload_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(("received__lte", models.F("size")), ("size__gte", 1)),
                                name="upload_within_its_size",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_upload_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_upload_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "file_id"),
                                name="handins_upload_file_scoped",
                                target="handins_handinfile",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_upload_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_upload_rows", own=True, system=True
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("feedback", None), ("file", None)),
                                fields=("environment", "round", "person", "name", "size"),
                                name="upload_of_a_file_once",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "feedback_id"),
                                name="handins_upload_feedback_scoped",
                                target="handins_feedbackfile",
                                to=("environment_id", "id"),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UploadPart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("start", models.PositiveBigIntegerField()),
                        ("size", models.PositiveIntegerField()),
                        ("file", models.FileField(max_length=200, upload_to="handins/")),
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
                            "upload",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="handins.upload",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "part of an upload",
                        "verbose_name_plural": "parts of uploads",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "upload", "start"), name="upload_part_once"),
                            models.CheckConstraint(
                                condition=models.Q(("size__gte", 1)), name="upload_part_holds_something"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "upload_id"),
                                name="handins_uploadpart_upload_scoped",
                                target="handins_upload",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_uploadpart_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_uploadpart_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_uploadpart_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FeedbackFile",
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
                        ("size", models.PositiveBigIntegerField()),
                        ("file", models.FileField(max_length=200, upload_to="handins/")),
                        ("added_at", models.DateTimeField(verbose_name="added at")),
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
                                related_name="feedback_files",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of a feedback",
                        "verbose_name_plural": "files of feedback",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="feedback_file_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_feedbackfile_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_feedbackfile_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_feedbackfile_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_feedbackfile_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_feedbackfile_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Remark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("page", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="page")),
                        ("start", models.PositiveIntegerField(blank=True, null=True, verbose_name="where it begins")),
                        ("quote", models.TextField(blank=True, verbose_name="quoted words")),
                        ("words", models.TextField(verbose_name="remark")),
                        ("at", models.DateTimeField(verbose_name="when")),
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
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "file",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.handinfile",
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
                                related_name="remarks",
                                to="handins.round",
                            ),
                        ),
                        ("x", models.FloatField(blank=True, null=True, verbose_name="from the left")),
                        ("y", models.FloatField(blank=True, null=True, verbose_name="from the top")),
                    ],
                    options={
                        "verbose_name": "remark",
                        "verbose_name_plural": "remarks",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="remark_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("file", None),
                                        ("page", None),
                                        ("start__isnull", False),
                                        models.Q(("quote", ""), _negated=True),
                                    ),
                                    models.Q(("file__isnull", False), ("page__gte", 1), ("quote", ""), ("start", None)),
                                    _connector="OR",
                                ),
                                name="remark_is_about_one_place",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_remark_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_remark_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_remark_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "file_id"),
                                name="handins_remark_file_scoped",
                                target="handins_handinfile",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_remark_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_remark_rows", own=True, system=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("x", None), ("y", None)),
                                    models.Q(("file__isnull", False), ("x__range", (0, 1)), ("y__range", (0, 1))),
                                    _connector="OR",
                                ),
                                name="remark_is_on_the_page",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Exemplar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("asked", "asked"),
                                    ("agreed", "shown"),
                                    ("refused", "refused"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="asked",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                        ("credit", models.CharField(blank=True, max_length=200, verbose_name="credit")),
                        (
                            "asked_by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exemplars",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "exemplar",
                        "verbose_name_plural": "exemplars",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "agreed")),
                                fields=["environment", "element", "-answered_at"],
                                name="exemplar_shown",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="exemplar_uid_once"),
                            models.UniqueConstraint(fields=("environment", "round"), name="exemplar_once_per_round"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("state", "asked")),
                                    models.Q(
                                        models.Q(("state", "asked"), _negated=True), ("answered_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="exemplar_answered_at_follows_state",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["asked", "agreed", "refused", "withdrawn"])),
                                name="exemplar_state_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_exemplar_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_exemplar_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_exemplar_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "asked_by_id"),
                                name="handins_exemplar_asked_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_exemplar_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_exemplar_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedComment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("is_shared", models.BooleanField(default=False, verbose_name="shared")),
                        ("words", models.CharField(max_length=2000, verbose_name="comment")),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
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
                        "verbose_name": "saved comment",
                        "verbose_name_plural": "saved comments",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("is_shared", True)),
                                fields=["environment", "-saved_at"],
                                name="saved_comment_shared",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="saved_comment_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(("words", ""), _negated=True), name="saved_comment_says_something"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_savedcomment_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_savedcomment_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_savedcomment_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_savedcomment_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("average", "the average of the two"),
                                    ("talked", "agreed between the two"),
                                    ("third", "decided by a third"),
                                ],
                                max_length=10,
                                verbose_name="way",
                            ),
                        ),
                        ("at", models.DateTimeField()),
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
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "mark",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.mark",
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
                                related_name="agreements",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agreement about a mark",
                        "verbose_name_plural": "agreements about marks",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "mark"), name="agreement_once_per_mark"),
                            models.CheckConstraint(
                                condition=models.Q(("way__in", ["average", "talked", "third"])),
                                name="agreement_way_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_agreement_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "mark_id"),
                                name="handins_agreement_mark_scoped",
                                target="handins_mark",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_agreement_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_agreement_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_agreement_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_agreement_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndependentMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField(verbose_name="first or second")),
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("passed", models.BooleanField(verbose_name="passed")),
                        ("at", models.DateTimeField()),
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
                                related_name="independent_marks",
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
                        "verbose_name": "independent mark",
                        "verbose_name_plural": "independent marks",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "place"), name="independent_mark_two_places"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "round", "by"), name="independent_mark_once_per_marker"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("place__in", [1, 2])), name="independent_mark_first_or_second"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score", None), ("score__range", (0, 1)), _connector="OR"),
                                name="independent_mark_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_independentmark_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_independentmark_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_independentmark_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_independentmark_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_independentmark_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_independentmark_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_independentmark_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Adjustment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("points", models.SmallIntegerField(default=0, verbose_name="points more or less")),
                        ("passed", models.BooleanField(blank=True, null=True, verbose_name="passed")),
                        ("because", models.CharField(max_length=300, verbose_name="why")),
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
                                related_name="adjustments",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "adjustment",
                        "verbose_name_plural": "adjustments",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("points__range", (-100, 100))), name="adjustment_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("because", ""), _negated=True), name="adjustment_says_why"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_adjustment_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_adjustment_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_adjustment_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_adjustment_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_adjustment_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Share",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed at")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("link", models.URLField(blank=True, max_length=500, verbose_name="address")),
                        ("is_gone", models.BooleanField(default=False)),
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
                                related_name="shares",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "part in a round",
                        "verbose_name_plural": "parts in rounds",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "person"), name="share_once_per_round"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_share_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_share_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_share_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_share_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
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
                            "group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="ecosystem.group",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "team",
                        "verbose_name_plural": "teams",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="team_uid_once"),
                            models.UniqueConstraint(
                                models.F("environment"),
                                models.F("element"),
                                django.db.models.functions.text.Lower("name"),
                                name="team_name_once_per_assignment",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_team_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="handins_team_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_team_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_team_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamAct",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deed",
                            models.CharField(
                                choices=[
                                    ("wrote", "wrote"),
                                    ("added", "added a file"),
                                    ("removed", "took a file away"),
                                    ("agreed", "agreed"),
                                    ("submitted", "handed in"),
                                    ("retracted", "took it back"),
                                ],
                                max_length=10,
                                verbose_name="what",
                            ),
                        ),
                        ("times", models.PositiveIntegerField(default=1, verbose_name="how often")),
                        ("at", models.DateTimeField(verbose_name="when last")),
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
                                related_name="acts",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "act in a team",
                        "verbose_name_plural": "acts in teams",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "person", "deed"), name="team_act_once_of_a_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("deed__in", ["wrote", "added", "removed", "agreed", "submitted", "retracted"])
                                ),
                                name="team_act_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_teamact_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_teamact_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_teamact_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_teamact_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="joined at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
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
                        (
                            "team",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="handins.team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member of a team",
                        "verbose_name_plural": "members of teams",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "person"), name="team_member_once_per_assignment"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "team_id"),
                                name="handins_teammember_team_scoped",
                                target="handins_team",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_teammember_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_teammember_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_teammember_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_teammember_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reveal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("because", models.CharField(max_length=300, verbose_name="why")),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.round",
                            ),
                        ),
                        (
                            "submission",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reveals",
                                to="handins.submission",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "name that was looked up",
                        "verbose_name_plural": "names that were looked up",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "submission", "by"), name="reveal_once_per_person"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("because", ""), _negated=True), name="reveal_says_why"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "submission_id"),
                                name="handins_reveal_submission_scoped",
                                target="handins_submission",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_reveal_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_reveal_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_reveal_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_reveal_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_reveal_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Conflict",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("because", models.CharField(blank=True, max_length=300, verbose_name="why")),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
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
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "marker",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does not mark",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="whose work",
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "conflict of interest",
                        "verbose_name_plural": "conflicts of interest",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="conflict_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("environment", "marker", "person"),
                                name="conflict_once_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("marker", models.F("person")), _negated=True),
                                name="conflict_of_two_people",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "marker_id"),
                                name="handins_conflict_marker_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_conflict_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_conflict_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_conflict_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_conflict_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_conflict_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Moderation",
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
                                choices=[
                                    ("sample", "drawn by lot"),
                                    ("failing", "it does not pass"),
                                    ("borderline", "it is near the pass mark"),
                                    ("again", "the mark before was not upheld"),
                                    ("corrected", "it was corrected after the release"),
                                ],
                                max_length=10,
                                verbose_name="why",
                            ),
                        ),
                        ("draw", models.CharField(blank=True, max_length=80, verbose_name="how it was drawn")),
                        ("at", models.DateTimeField(verbose_name="when")),
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
                            "mark",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.mark",
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
                                related_name="moderations",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mark for a moderator",
                        "verbose_name_plural": "marks for a moderator",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "mark"), name="moderation_once_per_mark"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_moderation_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "mark_id"),
                                name="handins_moderation_mark_scoped",
                                target="handins_mark",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_moderation_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_moderation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_moderation_rows", own=True, system=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reason__in", ["sample", "failing", "borderline", "again", "corrected"])
                                ),
                                name="moderation_reason_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Verdict",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("is_upheld", models.BooleanField(verbose_name="upheld")),
                        ("words", models.TextField(blank=True, verbose_name="what they say")),
                        ("at", models.DateTimeField(verbose_name="when")),
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
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "moderation",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="verdicts",
                                to="handins.moderation",
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
                                related_name="verdicts",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "verdict on a mark",
                        "verbose_name_plural": "verdicts on marks",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "moderation"), name="verdict_once_per_moderation"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "moderation_id"),
                                name="handins_verdict_moderation_scoped",
                                target="handins_moderation",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_verdict_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_verdict_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_verdict_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_verdict_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_verdict_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="peers review it")),
                        ("each", models.PositiveSmallIntegerField(default=3, verbose_name="reviews each")),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewing opens")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewing closes")),
                        ("is_anonymous", models.BooleanField(default=True, verbose_name="without names")),
                        ("at_once", models.BooleanField(default=False, verbose_name="seen at once")),
                        (
                            "share",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="share of the mark from peers (%)"
                            ),
                        ),
                        (
                            "quality",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="share of the mark for reviewing (%)"
                            ),
                        ),
                        ("near", models.PositiveSmallIntegerField(default=20, verbose_name="near enough (points)")),
                        (
                            "assignment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
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
                        "verbose_name": "plan of a peer review",
                        "verbose_name_plural": "plans of peer reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="peer_plan_once_per_assignment"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("each__range", (1, 10))), name="peer_plan_each_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_on", False),
                                    models.Q(("closes_at__isnull", False), ("opens_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="peer_plan_has_dates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at", None),
                                    ("closes_at", None),
                                    ("opens_at__lt", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="peer_plan_opens_before_it_closes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quality__lte", 50),
                                    ("share__lte", 100),
                                    (
                                        "share__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(100), "-", models.F("quality")
                                        ),
                                    ),
                                ),
                                name="peer_plan_shares_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("near__lte", 100)), name="peer_plan_near_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "assignment_id"),
                                name="handins_peerplan_assignment_scoped",
                                target="handins_assignment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peerplan_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerplan_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="handins_peerplan_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="handins_peerplan_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerPhase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seed", models.BigIntegerField()),
                        ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened at")),
                        ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded at")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
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
                            "plan",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.peerplan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "phase of a peer review",
                        "verbose_name_plural": "phases of peer reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="peer_phase_once_per_assignment"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peerphase_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "plan_id"),
                                name="handins_peerphase_plan_scoped",
                                target="handins_peerplan",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerphase_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peerphase_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "to do"), ("done", "given"), ("dropped", "not given")],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("strengths", models.TextField(blank=True, verbose_name="what is good")),
                        ("advice", models.TextField(blank=True, verbose_name="what to do next")),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("allocated_at", models.DateTimeField(verbose_name="allocated at")),
                        ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="saved at")),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="given at")),
                        ("helpful", models.BooleanField(blank=True, null=True, verbose_name="was helpful")),
                        ("flag", models.CharField(blank=True, max_length=500, verbose_name="why it is reported")),
                        (
                            "excluded",
                            models.CharField(blank=True, max_length=300, verbose_name="why it does not count"),
                        ),
                        (
                            "author",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="whose work",
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
                            "excluded_by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewer",
                            ),
                        ),
                        (
                            "phase",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.peerphase",
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="peer_reviews",
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
                        "verbose_name": "peer review",
                        "verbose_name_plural": "peer reviews",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="peer_review_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "round", "person"), name="peer_review_once_per_person"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "phase", "person", "place"), name="peer_review_place_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("person", models.F("author")), _negated=True),
                                name="peer_review_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["open", "done", "dropped"])),
                                name="peer_review_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score", None), ("score__range", (0, 1)), _connector="OR"),
                                name="peer_review_score_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "done")),
                                    models.Q(models.Q(("state", "done"), _negated=True), ("sent_at", None)),
                                    _connector="OR",
                                ),
                                name="peer_review_given_has_a_time",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "phase_id"),
                                name="handins_peerreview_phase_scoped",
                                target="handins_peerphase",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peerreview_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_peerreview_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_peerreview_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "author_id"),
                                name="handins_peerreview_author_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_peerreview_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "excluded_by_id"),
                                name="handins_peerreview_excluded_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerreview_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peerreview_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerSample",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("score", models.FloatField(verbose_name="score")),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
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
                            "exemplar",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.exemplar",
                            ),
                        ),
                        (
                            "rubric",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.rubric",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sample for peer review",
                        "verbose_name_plural": "samples for peer review",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="peer_sample_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(("score__range", (0, 1))), name="peer_sample_score_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("exemplar", None), models.Q(("text", ""), _negated=True)),
                                    models.Q(("exemplar__isnull", False), ("text", "")),
                                    _connector="OR",
                                ),
                                name="peer_sample_is_a_text_or_an_example",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peersample_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "exemplar_id"),
                                name="handins_peersample_exemplar_scoped",
                                target="handins_exemplar",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_peersample_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_peersample_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peersample_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peersample_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerTry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("levels", models.JSONField(default=dict)),
                        ("words", models.TextField(blank=True, verbose_name="words")),
                        ("score", models.FloatField(verbose_name="score")),
                        ("at", models.DateTimeField()),
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
                            "sample",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="handins.peersample",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "practice review",
                        "verbose_name_plural": "practice reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "sample", "person"), name="peer_try_once_per_sample"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score__range", (0, 1))), name="peer_try_score_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "sample_id"),
                                name="handins_peertry_sample_scoped",
                                target="handins_peersample",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_peertry_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peertry_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peertry_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerBlend",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("given", models.FloatField(verbose_name="given")),
                        ("peers", models.FloatField(blank=True, null=True, verbose_name="by peers")),
                        ("reviewing", models.FloatField(blank=True, null=True, verbose_name="for reviewing")),
                        ("share", models.PositiveSmallIntegerField(verbose_name="share of peers")),
                        ("quality", models.PositiveSmallIntegerField(verbose_name="share of reviewing")),
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
                            "mark",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.mark",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mark mixed with that of peers",
                        "verbose_name_plural": "marks mixed with those of peers",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "mark"), name="peer_blend_once_per_mark"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("given__range", (0, 1)),
                                    models.Q(("peers", None), ("peers__range", (0, 1)), _connector="OR"),
                                    models.Q(("reviewing", None), ("reviewing__range", (0, 1)), _connector="OR"),
                                ),
                                name="peer_blend_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "mark_id"),
                                name="handins_peerblend_mark_scoped",
                                target="handins_mark",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_peerblend_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_peerblend_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerblend_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peerblend_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fingerprint",
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
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="fingerprints",
                                to="handins.round",
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
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="assignment",
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        (
                            "shingles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.BigIntegerField(), default=list, size=None
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "fingerprint of a hand-in",
                        "verbose_name_plural": "fingerprints of hand-ins",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "round"), name="fingerprint_once_per_round"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_fingerprint_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_fingerprint_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_fingerprint_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_fingerprint_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_fingerprint_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FingerprintValue",
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
                            "fingerprint",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="handins.fingerprint",
                            ),
                        ),
                        ("value", models.BigIntegerField()),
                    ],
                    options={
                        "verbose_name": "value of a fingerprint",
                        "verbose_name_plural": "values of fingerprints",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "value", "fingerprint"), name="fingerprint_value_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "fingerprint_id"),
                                name="handins_fingerprintvalue_fingerprint_scoped",
                                target="handins_fingerprint",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_fingerprintvalue_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_fingerprintvalue_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Similarity",
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "fingerprint",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="similar",
                                to="handins.fingerprint",
                            ),
                        ),
                        (
                            "other",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="similar_to",
                                to="handins.fingerprint",
                            ),
                        ),
                        ("share", models.FloatField(verbose_name="share")),
                        ("at", models.DateTimeField(verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "similarity of hand-ins",
                        "verbose_name_plural": "similarities of hand-ins",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="similarity_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "fingerprint", "other"), name="similarity_once_per_pair"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("fingerprint", models.F("other")), _negated=True),
                                name="similarity_to_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="similarity_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "fingerprint_id"),
                                name="handins_similarity_fingerprint_scoped",
                                target="handins_fingerprint",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "other_id"),
                                name="handins_similarity_other_scoped",
                                target="handins_fingerprint",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_similarity_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_similarity_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OutsideReport",
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outside_reports",
                                to="handins.round",
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
                        ("service", models.CharField(max_length=80, verbose_name="service")),
                        ("percent", models.PositiveSmallIntegerField(verbose_name="percent")),
                        ("link", models.URLField(blank=True, max_length=500, verbose_name="report")),
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
                        ("at", models.DateTimeField(verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "similarity report from outside",
                        "verbose_name_plural": "similarity reports from outside",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="outside_report_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "round", "service"), name="outside_report_once_per_service"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("percent__lte", 100)), name="outside_report_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("service", ""), _negated=True), name="outside_report_of_a_service"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_outsidereport_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_outsidereport_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_outsidereport_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_outsidereport_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_outsidereport_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandinPage",
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
                            "file",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
                                to="handins.handinfile",
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
                        ("number", models.PositiveSmallIntegerField(verbose_name="page")),
                        ("pages", models.PositiveIntegerField()),
                        ("width", models.PositiveSmallIntegerField()),
                        ("height", models.PositiveSmallIntegerField()),
                        ("picture", models.FileField(max_length=200, upload_to="handins/")),
                    ],
                    options={
                        "verbose_name": "page of a hand-in",
                        "verbose_name_plural": "pages of hand-ins",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "file", "number"), name="handin_page_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("height__gte", 1),
                                    ("number__gte", 1),
                                    ("number__lte", models.F("pages")),
                                    ("width__gte", 1),
                                ),
                                name="handin_page_is_in_the_file",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "file_id"),
                                name="handins_handinpage_file_scoped",
                                target="handins_handinfile",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_handinpage_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_handinpage_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_handinpage_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Confirmation",
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
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="confirmations",
                                to="handins.round",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="whose work",
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
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waits for the supervisor"),
                                    ("confirmed", "confirmed"),
                                    ("sent_back", "not yet"),
                                    ("withdrawn", "taken back"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        ("was_late", models.BooleanField(default=False, verbose_name="handed in late")),
                        ("words", models.TextField(blank=True, verbose_name="what the supervisor says")),
                        (
                            "by",
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
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                    ],
                    options={
                        "verbose_name": "confirmation of work on the job",
                        "verbose_name_plural": "confirmations of work on the job",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="confirmation_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "confirmed"])),
                                fields=("environment", "round"),
                                name="confirmation_one_counts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("by", None), ("state", "waiting")),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True), ("answered_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="confirmation_answered_when_it_does_not_wait",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent_back"), _negated=True),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="confirmation_sent_back_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("by", None), models.Q(("by", models.F("person")), _negated=True), _connector="OR"
                                ),
                                name="confirmation_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["waiting", "confirmed", "sent_back", "withdrawn"])),
                                name="confirmation_state_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_confirmation_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_confirmation_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_confirmation_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_confirmation_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_confirmation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_confirmation_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Confirmer",
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
                            "confirmation",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="confirmers",
                                to="handins.confirmation",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who is asked",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "who is asked to confirm",
                        "verbose_name_plural": "who are asked to confirm",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "confirmation", "person"), name="confirmer_asked_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "confirmation_id"),
                                name="handins_confirmer_confirmation_scoped",
                                target="handins_confirmation",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_confirmer_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_confirmer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_confirmer_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
        *(
            migrations.RunSQL(append_only_sql(table), f"DROP POLICY removal ON {table}")
            for table in (
                "handins_mark",
                "handins_independentmark",
                "handins_agreement",
                "handins_reveal",
                "handins_moderation",
                "handins_verdict",
            )
        ),
        # Words about a person: they go when somebody is erased, and the marks stay.
        migrations.RunSQL(
            "GRANT UPDATE (comment, comments, because) ON handins_mark TO grove_app;"
            "GRANT UPDATE (comment, comments) ON handins_independentmark TO grove_app;"
            "GRANT UPDATE (words) ON handins_verdict TO grove_app",
            migrations.RunSQL.noop,
        ),
    ]
