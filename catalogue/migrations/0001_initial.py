import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
from django.db import migrations, models
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("courses", "0001_initial"),
        ("ecosystem", "0001_initial"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Offer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "access",
                            models.CharField(
                                choices=[("free", "everyone here"), ("closed", "by invitation")],
                                default="free",
                                max_length=10,
                                verbose_name="access",
                            ),
                        ),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offers",
                                to="ecosystem.element",
                                verbose_name="element",
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
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="courses.courserun",
                                verbose_name="course run",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "offer",
                        "verbose_name_plural": "offers",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="offer_once_per_element"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at__isnull", True),
                                    ("closes_at__isnull", True),
                                    ("closes_at__gt", models.F("opens_at")),
                                    _connector="OR",
                                ),
                                name="offer_closes_after_opening",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="catalogue_offer_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "run_id"),
                                name="catalogue_offer_run_scoped",
                                target="courses_courserun",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="catalogue_offer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="catalogue_offer_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
