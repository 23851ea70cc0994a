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
        ("ecosystem", "__first__"),
        ("handins", "0021_anonymous"),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Conflict",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("because", models.CharField(blank=True, max_length=300, verbose_name="why")),
                        ("at", models.DateTimeField(verbose_name="when")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
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
                            "marker",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who does not mark",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="whose work",
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "conflict of interest",
                        "verbose_name_plural": "conflicts of interest",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="conflict_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("environment", "marker", "person"),
                                name="conflict_once_at_a_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("marker", models.F("person")), _negated=True),
                                name="conflict_of_two_people",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "marker_id"),
                                name="handins_conflict_marker_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_conflict_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_conflict_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_conflict_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_conflict_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_conflict_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="round",
            name="second",
            field=ecosystem.models.keys.PersonKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="allocated to as the second",
            ),
        ),
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                condition=models.Q(
                    ("second__isnull", False), models.Q(("state__in", ["draft", "returned"]), _negated=True)
                ),
                fields=["environment", "second", "submitted_at", "id"],
                name="round_of_second",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second", None),
                    models.Q(
                        models.Q(("second", models.F("person")), _negated=True),
                        models.Q(
                            ("marker", None), models.Q(("second", models.F("marker")), _negated=True), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="round_second_is_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="round",
            constraint=ecosystem.models.security.CompositeKey(
                columns=("environment_id", "second_id"),
                name="handins_round_second_scoped",
                target="ecosystem_membership",
                to=("environment_id", "person_id"),
            ),
        ),
    ]
