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
        ("handins", "0022_conflicts"),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
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
                            models.CheckConstraint(
                                condition=models.Q(("reason__in", ["sample", "failing", "borderline", "again"])),
                                name="moderation_reason_is_known",
                            ),
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
            ],
        ),
        migrations.AddField(
            model_name="assignment",
            name="borderline",
            field=models.PositiveSmallIntegerField(default=5, verbose_name="how near the pass mark (points)"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="moderation",
            field=models.CharField(
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
        migrations.AddField(
            model_name="assignment",
            name="moderation_active",
            field=models.BooleanField(default=True, verbose_name="release waits for the moderator"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="moderation_seed",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="assignment",
            name="moderation_share",
            field=models.PositiveSmallIntegerField(default=10, verbose_name="share of the marks (%)"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("borderline__lte", 100),
                    ("moderation__in", ["none", "sample", "failing"]),
                    ("moderation_share__range", (1, 100)),
                ),
                name="assignment_moderation_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("moderation", "sample"), _negated=True),
                    models.Q(("moderation_seed", ""), _negated=True),
                    _connector="OR",
                ),
                name="assignment_sample_has_a_seed",
            ),
        ),
        migrations.RunSQL(append_only_sql("handins_moderation"), "DROP POLICY removal ON handins_moderation"),
        migrations.RunSQL(append_only_sql("handins_verdict"), "DROP POLICY removal ON handins_verdict"),
        # Erasure takes the words out and leaves the verdict.
        migrations.RunSQL("GRANT UPDATE (words) ON handins_verdict TO grove_app", migrations.RunSQL.noop),
    ]
