import django.db.models.deletion
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("handins", "0051_queue_turns"),
    ]

    operations = [
        ecosystem.creating.Together(
            operations=[
                migrations.AddField(
                    model_name="remark",
                    name="x",
                    field=models.FloatField(blank=True, null=True, verbose_name="from the left"),
                ),
                migrations.AddField(
                    model_name="remark",
                    name="y",
                    field=models.FloatField(blank=True, null=True, verbose_name="from the top"),
                ),
                migrations.AddConstraint(
                    model_name="remark",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("x", None), ("y", None)),
                            models.Q(("file__isnull", False), ("x__range", (0, 1)), ("y__range", (0, 1))),
                            _connector="OR",
                        ),
                        name="remark_is_on_the_page",
                    ),
                ),
            ],
        ),
        ecosystem.creating.CreateModels(
            models=[
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
                        "indexes": [],
                    },
                ),
            ],
        ),
    ]
