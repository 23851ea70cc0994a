import django.db.models.deletion
import ecosystem.models.keys
import ecosystem.models.security
import gardening.models
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
                    name="Charter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("business_issue", models.TextField(verbose_name="business issue")),
                        ("why", models.TextField(verbose_name="why")),
                        ("audience", models.TextField(blank=True, verbose_name="audience")),
                        ("budget_eur", models.PositiveIntegerField(default=0, verbose_name="budget in euro")),
                        ("budget_hours", models.PositiveIntegerField(default=0, verbose_name="budget in hours")),
                        (
                            "champion",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="champion",
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
                            "sponsor",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="sponsor",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "charter",
                        "verbose_name_plural": "charters",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment",), name="charter_once_per_environment"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "sponsor_id"),
                                name="gardening_charter_sponsor_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "champion_id"),
                                name="gardening_charter_champion_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="gardening_charter_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="gardening_charter_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Kpi",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        ("unit", models.CharField(blank=True, max_length=80, verbose_name="unit")),
                        (
                            "direction",
                            models.CharField(
                                choices=[("up", "higher is better"), ("down", "lower is better")],
                                max_length=4,
                                verbose_name="direction",
                            ),
                        ),
                        ("baseline", models.FloatField(verbose_name="baseline")),
                        ("target", models.FloatField(verbose_name="target")),
                        ("target_on", models.DateField(blank=True, null=True, verbose_name="target date")),
                        (
                            "charter",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="kpis",
                                to="gardening.charter",
                                verbose_name="charter",
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
                        "verbose_name": "KPI",
                        "verbose_name_plural": "KPIs",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "charter", "name"), name="kpi_once_per_charter"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "charter_id"),
                                name="gardening_kpi_charter_scoped",
                                target="gardening_charter",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="gardening_kpi_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="gardening_kpi_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KpiValue",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "month",
                            models.DateField(
                                help_text="The first day of the month.",
                                validators=[gardening.models.first_of_month],
                                verbose_name="month",
                            ),
                        ),
                        ("value", models.FloatField(verbose_name="value")),
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
                            "kpi",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="values",
                                to="gardening.kpi",
                                verbose_name="KPI",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "KPI value",
                        "verbose_name_plural": "KPI values",
                        "ordering": ["month"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "kpi", "month"), name="kpi_value_once_per_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("month__day", 1)), name="kpi_value_month_is_first_day"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "kpi_id"),
                                name="gardening_kpivalue_kpi_scoped",
                                target="gardening_kpi",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="gardening_kpivalue_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="gardening_kpivalue_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Placement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("x", models.FloatField()),
                        ("y", models.FloatField()),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
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
                        "verbose_name": "place on the map",
                        "verbose_name_plural": "places on the map",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="placement_once_per_element"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="gardening_placement_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="gardening_placement_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="gardening_placement_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
