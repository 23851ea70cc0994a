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
        ("handins", "0011_recordings"),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
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
                        ],
                    },
                ),
            ],
        ),
    ]
