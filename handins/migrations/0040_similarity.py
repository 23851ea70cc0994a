import django.contrib.postgres.fields
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
        ("handins", "0031_peer_training"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="is_compared",
            field=models.BooleanField(default=True, verbose_name="compared with other hand-ins"),
        ),
        ecosystem.creating.CreateModels(
            models=[
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
            ],
        ),
    ]
