import django.db.models.deletion
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("handins", "0002_marking"),
    ]

    operations = [
        migrations.AlterField(
            model_name="handinfile",
            name="size",
            field=models.PositiveBigIntegerField(),
        ),
        ecosystem.creating.CreateModels(
            models=[
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
                    ],
                    options={
                        "verbose_name": "upload",
                        "verbose_name_plural": "uploads",
                        "indexes": [models.Index(fields=["touched_at"], name="upload_abandoned")],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="upload_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("file", None)),
                                fields=("environment", "round", "person", "name", "size"),
                                name="upload_of_a_file_once",
                            ),
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
            ],
        ),
    ]
