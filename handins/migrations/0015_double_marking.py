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
        ("handins", "0014_saved_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="is_double",
            field=models.BooleanField(default=False, verbose_name="marked by two"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="tolerance",
            field=models.PositiveSmallIntegerField(default=10, verbose_name="how far two marks may be apart"),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("tolerance__lte", 100)), name="assignment_tolerance_in_range"
            ),
        ),
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Agreement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("average", "the average of the two"),
                                    ("talked", "agreed between the two"),
                                    ("third", "decided by a third"),
                                ],
                                max_length=10,
                                verbose_name="way",
                            ),
                        ),
                        ("at", models.DateTimeField()),
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
                            "mark",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
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
                                related_name="agreements",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "agreement about a mark",
                        "verbose_name_plural": "agreements about marks",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "mark"), name="agreement_once_per_mark"),
                            models.CheckConstraint(
                                condition=models.Q(("way__in", ["average", "talked", "third"])),
                                name="agreement_way_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_agreement_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "mark_id"),
                                name="handins_agreement_mark_scoped",
                                target="handins_mark",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_agreement_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_agreement_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_agreement_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_agreement_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IndependentMark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField(verbose_name="first or second")),
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("passed", models.BooleanField(verbose_name="passed")),
                        ("at", models.DateTimeField()),
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
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                db_index=False,
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
                                related_name="independent_marks",
                                to="handins.round",
                            ),
                        ),
                        (
                            "rubric",
                            ecosystem.models.keys.PartKey(
                                blank=True,
                                db_constraint=False,
                                element_column="element_id",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.rubric",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "independent mark",
                        "verbose_name_plural": "independent marks",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "place"), name="independent_mark_two_places"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "round", "by"), name="independent_mark_once_per_marker"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("place__in", [1, 2])), name="independent_mark_first_or_second"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score", None), ("score__range", (0, 1)), _connector="OR"),
                                name="independent_mark_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_independentmark_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_independentmark_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_independentmark_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_independentmark_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_independentmark_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_independentmark_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_independentmark_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(append_only_sql("handins_independentmark"), "DROP POLICY removal ON handins_independentmark"),
        # Erasure takes the words out and leaves the marks.
        migrations.RunSQL(
            "GRANT UPDATE (comment, comments) ON handins_independentmark TO grove_app", migrations.RunSQL.noop
        ),
        migrations.RunSQL(append_only_sql("handins_agreement"), "DROP POLICY removal ON handins_agreement"),
    ]
