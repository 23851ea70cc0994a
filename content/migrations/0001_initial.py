import django.db.models.deletion
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
        ("content", "0002_writing"),
        ("content", "0003_packages"),
        ("content", "0004_support"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Document",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=250, verbose_name="name")),
                        ("media_type", models.CharField(max_length=100)),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("file", models.FileField(max_length=200, upload_to="documents/")),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="documents",
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
                        "verbose_name": "file",
                        "verbose_name_plural": "files",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="document_once_per_element"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_document_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_document_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="content_document_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_document_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Video",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=250, verbose_name="name")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("seconds", models.FloatField(verbose_name="length in seconds")),
                        ("file", models.FileField(max_length=200, upload_to="videos/")),
                        ("captions", models.FileField(blank=True, max_length=200, upload_to="videos/")),
                        (
                            "no_captions_because",
                            models.CharField(blank=True, max_length=300, verbose_name="why it has no captions"),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="videos",
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
                        "verbose_name": "video",
                        "verbose_name_plural": "videos",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="video_once_per_element"),
                            models.CheckConstraint(condition=models.Q(("seconds__gt", 0)), name="video_has_a_length"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("captions", ""), _negated=True),
                                    models.Q(("no_captions_because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="video_has_captions_or_a_reason",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_video_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="content_video_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="content_video_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_video_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Watching",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.FloatField(default=0, verbose_name="position in seconds")),
                        ("spans", models.JSONField(default=list)),
                        ("share", models.FloatField(default=0, verbose_name="watched share")),
                        ("heard_at", models.DateTimeField(verbose_name="last heard of")),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
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
                    ],
                    options={
                        "verbose_name": "watched video",
                        "verbose_name_plural": "watched videos",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "person", "element"), name="watching_once"),
                            models.CheckConstraint(
                                condition=models.Q(("share__gte", 0), ("share__lte", 1)),
                                name="watching_share_is_a_share",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_watching_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_watching_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_watching_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_watching_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Link",
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
                                    ("unknown", "not looked at yet"),
                                    ("fine", "works"),
                                    ("unsure", "did not answer, is asked again"),
                                    ("broken", "broken"),
                                ],
                                default="unknown",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("status", models.PositiveSmallIntegerField(default=0, verbose_name="answer")),
                        ("error", models.CharField(blank=True, max_length=300, verbose_name="what was wrong")),
                        ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="failures in a row")),
                        ("checked_at", models.DateTimeField(blank=True, null=True, verbose_name="looked at")),
                        ("due_at", models.DateTimeField(verbose_name="next look")),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="links",
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
                        "verbose_name": "link",
                        "verbose_name_plural": "links",
                        "indexes": [models.Index(fields=["due_at"], name="link_due")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="link_once_per_element"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_link_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="content_link_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="content_link_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_link_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Package",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "standard",
                            models.CharField(
                                choices=[("scorm12", "SCORM 1.2"), ("scorm2004", "SCORM 2004"), ("cmi5", "cmi5")],
                                max_length=10,
                                verbose_name="standard",
                            ),
                        ),
                        ("name", models.CharField(max_length=250, verbose_name="name")),
                        ("size", models.PositiveBigIntegerField(verbose_name="size in bytes")),
                        ("revision", models.PositiveIntegerField(default=1, verbose_name="version")),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="packages",
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
                        "verbose_name": "package",
                        "verbose_name_plural": "packages",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="package_once_per_element"),
                            models.CheckConstraint(
                                condition=models.Q(("standard__in", ["scorm12", "scorm2004", "cmi5"])),
                                name="package_standard_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_package_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_package_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="content_package_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_package_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackageFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("path", models.CharField(max_length=250)),
                        ("size", models.PositiveBigIntegerField()),
                        ("file", models.FileField(max_length=200, upload_to="packages/")),
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
                            "package",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="files",
                                to="content.package",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "file of a package",
                        "verbose_name_plural": "files of packages",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "package", "path"), name="package_file_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "package_id"),
                                name="content_packagefile_package_scoped",
                                target="content_package",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_packagefile_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_packagefile_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="content_packagefile_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_packagefile_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackageUnit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("identifier", models.CharField(max_length=500)),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("path", models.CharField(max_length=250)),
                        ("query", models.TextField(blank=True)),
                        ("mastery", models.FloatField(null=True, verbose_name="score to pass")),
                        ("launch_data", models.TextField(blank=True)),
                        ("move_on", models.CharField(blank=True, max_length=20)),
                        ("reports", models.BooleanField(default=True)),
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
                            "package",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="units",
                                to="content.package",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "part of a package",
                        "verbose_name_plural": "parts of packages",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "package", "position"), name="package_unit_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mastery", None),
                                    models.Q(("mastery__gte", 0), ("mastery__lte", 1)),
                                    _connector="OR",
                                ),
                                name="package_unit_mastery_is_a_share",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "package_id"),
                                name="content_packageunit_package_scoped",
                                target="content_package",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_packageunit_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_packageunit_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="content_packageunit_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_packageunit_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnitState",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("identifier", models.CharField(max_length=500)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("begun", "begun"),
                                    ("completed", "completed"),
                                    ("passed", "passed"),
                                    ("failed", "not passed"),
                                ],
                                default="begun",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("score", models.FloatField(null=True, verbose_name="score")),
                        ("cmi", models.JSONField(default=dict)),
                        ("sequence", models.BigIntegerField(default=0)),
                        ("opened_at", models.DateTimeField()),
                        ("heard_at", models.DateTimeField(verbose_name="last heard of")),
                        ("completed_at", models.DateTimeField(blank=True, null=True)),
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
                    ],
                    options={
                        "verbose_name": "state in a package",
                        "verbose_name_plural": "states in packages",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "identifier"), name="unit_state_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("score", None), models.Q(("score__gte", 0), ("score__lte", 1)), _connector="OR"
                                ),
                                name="unit_state_score_is_a_share",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_unitstate_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_unitstate_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_unitstate_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_unitstate_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Launch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("identifier", models.CharField(max_length=500)),
                        ("registration", models.UUIDField()),
                        ("fetch_hash", models.CharField(max_length=64)),
                        ("auth_hash", models.CharField(blank=True, max_length=64)),
                        ("launched_at", models.DateTimeField()),
                        ("initialized_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
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
                    ],
                    options={
                        "verbose_name": "launch of a package",
                        "verbose_name_plural": "launches of packages",
                        "indexes": [models.Index(fields=["environment", "auth_hash"], name="launch_by_auth")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="launch_once"),
                            models.UniqueConstraint(fields=("environment", "fetch_hash"), name="launch_fetch_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_launch_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_launch_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="content_launch_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_launch_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LaunchStatement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField()),
                        ("verb", models.CharField(max_length=500)),
                        ("body", models.JSONField()),
                        ("stored_at", models.DateTimeField()),
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
                            "launch",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="statements",
                                to="content.launch",
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
                        "verbose_name": "statement of a package",
                        "verbose_name_plural": "statements of packages",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="launch_statement_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_launchstatement_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "launch_id"),
                                name="content_launchstatement_launch_scoped",
                                target="content_launch",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_launchstatement_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_launchstatement_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="UnitDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("resource", models.CharField(max_length=10)),
                        ("activity", models.CharField(blank=True, max_length=250)),
                        ("key", models.CharField(max_length=250)),
                        ("media_type", models.CharField(max_length=100)),
                        ("body", models.TextField(blank=True)),
                        ("updated_at", models.DateTimeField()),
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
                    ],
                    options={
                        "verbose_name": "document of a package",
                        "verbose_name_plural": "documents of packages",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "resource", "activity", "key"),
                                name="unit_document_once",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_unitdocument_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_unitdocument_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_unitdocument_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_unitdocument_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Page",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("markdown", models.TextField(verbose_name="text")),
                        ("html", models.TextField(editable=False)),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pages",
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
                        ("revision", models.PositiveIntegerField(default=1, verbose_name="version")),
                        ("embeddable", models.BooleanField(default=False, verbose_name="may be shown on other sites")),
                    ],
                    options={
                        "verbose_name": "page",
                        "verbose_name_plural": "pages",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="page_once_per_element"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_page_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="content_page_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="content_page_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_page_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PageVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="version")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("summary", models.TextField(blank=True, verbose_name="summary")),
                        ("markdown", models.TextField(verbose_name="text")),
                        (
                            "restored",
                            models.PositiveIntegerField(
                                blank=True, null=True, verbose_name="brought back from version"
                            ),
                        ),
                        ("saved_at", models.DateTimeField(verbose_name="saved at")),
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
                            "page",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="versions",
                                to="content.page",
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
                                verbose_name="saved by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "page version",
                        "verbose_name_plural": "page versions",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "page", "number"), name="page_version_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "page_id"),
                                name="content_pageversion_page_scoped",
                                target="content_page",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_pageversion_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_pageversion_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_pageversion_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="content_pageversion_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_pageversion_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Image",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sha256", models.CharField(max_length=64)),
                        ("name", models.CharField(max_length=250, verbose_name="name")),
                        ("width", models.PositiveIntegerField()),
                        ("height", models.PositiveIntegerField()),
                        ("file", models.FileField(max_length=200, upload_to="images/")),
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
                        "verbose_name": "picture of a page",
                        "verbose_name_plural": "pictures of pages",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element", "sha256"), name="image_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_image_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="content_image_environment_id"),
                            models.UniqueConstraint(fields=("element", "id"), name="content_image_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="content_image_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Tick",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("item", models.CharField(max_length=40)),
                        ("ticked_at", models.DateTimeField()),
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
                    ],
                    options={
                        "verbose_name": "tick",
                        "verbose_name_plural": "ticks",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "item"), name="tick_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="content_tick_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="content_tick_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="content_tick_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_tick_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MissedSearch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("words", models.CharField(max_length=120, verbose_name="words")),
                        ("times", models.PositiveIntegerField(default=1, verbose_name="how often")),
                        ("first_at", models.DateTimeField(verbose_name="first time")),
                        ("last_at", models.DateTimeField(verbose_name="last time")),
                        ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="seen to")),
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
                        "verbose_name": "search without result",
                        "verbose_name_plural": "searches without result",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "words"), name="missed_search_once"),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="content_missedsearch_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="content_missedsearch_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
