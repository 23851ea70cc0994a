import certificates.models
import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="CertificateTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("text", models.TextField(blank=True, verbose_name="what it proves")),
                        (
                            "validity_months",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="valid for months"),
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
                        "verbose_name": "certificate template",
                        "verbose_name_plural": "certificate templates",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="certificate_template_once_per_course"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="certificates_certificatetemplate_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="certificates_certificatetemplate_environment_id"
                            ),
                            models.UniqueConstraint(
                                fields=("element", "id"), name="certificates_certificatetemplate_element_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id",
                                name="certificates_certificatetemplate_rows",
                                own=False,
                                system=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "serial",
                            models.CharField(
                                default=certificates.models.new_serial,
                                editable=False,
                                max_length=20,
                                verbose_name="serial",
                            ),
                        ),
                        ("cycle", models.PositiveSmallIntegerField(default=1, verbose_name="cycle")),
                        ("holder", models.CharField(max_length=120, verbose_name="holder")),
                        ("title", models.CharField(max_length=200, verbose_name="title")),
                        ("issued_at", models.DateTimeField(verbose_name="issued at")),
                        ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
                        ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                        ("revoked_because", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        ("file", models.FileField(blank=True, upload_to="certificates/")),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
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
                            "template",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="certificates.certificatetemplate",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "certificate",
                        "verbose_name_plural": "certificates",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "serial"), name="certificate_serial_once"),
                            models.UniqueConstraint(fields=("environment", "uid"), name="certificate_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "person", "element", "cycle"), name="certificate_once_per_cycle"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expires_at__isnull", True),
                                    ("expires_at__gt", models.F("issued_at")),
                                    _connector="OR",
                                ),
                                name="certificate_expires_after_issue",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="certificates_certificate_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="certificates_certificate_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "template_id"),
                                name="certificates_certificate_template_scoped",
                                target="certificates_certificatetemplate",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="certificates_certificate_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="certificates_certificate_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
