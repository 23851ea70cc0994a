import django.db.models.deletion
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
from django.conf import settings
from django.db import migrations, models

from ecosystem.models.security import append_only_sql


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("ecosystem", "__first__"),
        ("handins", "0020_teams"),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
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
            ],
        ),
        migrations.AddField(
            model_name="assignment",
            name="is_anonymous",
            field=models.BooleanField(default=False, verbose_name="marked without names"),
        ),
        migrations.AddField(
            model_name="submission",
            name="pseudonym",
            field=models.CharField(blank=True, editable=False, max_length=16, verbose_name="pseudonym"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("pseudonym", ""), _negated=True),
                fields=("environment", "element", "pseudonym"),
                name="submission_pseudonym_once",
            ),
        ),
        migrations.RunSQL(append_only_sql("handins_reveal"), "DROP POLICY removal ON handins_reveal"),
    ]
