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
        ("handins", "0052_pages"),
    ]

    operations = [
        ecosystem.creating.Together(
            operations=[
                migrations.AddField(
                    model_name="assignment",
                    name="is_on_the_job",
                    field=models.BooleanField(default=False, verbose_name="confirmed by a supervisor"),
                ),
                migrations.AddConstraint(
                    model_name="assignment",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("is_on_the_job", False),
                            models.Q(("is_anonymous", False), ("is_group", False)),
                            _connector="OR",
                        ),
                        name="assignment_on_the_job_of_one_by_name",
                    ),
                ),
            ],
        ),
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Confirmation",
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
                                related_name="confirmations",
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
                                verbose_name="whose work",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="assignment",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waits for the supervisor"),
                                    ("confirmed", "confirmed"),
                                    ("sent_back", "not yet"),
                                    ("withdrawn", "taken back"),
                                ],
                                default="waiting",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        ("was_late", models.BooleanField(default=False, verbose_name="handed in late")),
                        ("words", models.TextField(blank=True, verbose_name="what the supervisor says")),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                    ],
                    options={
                        "verbose_name": "confirmation of work on the job",
                        "verbose_name_plural": "confirmations of work on the job",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="confirmation_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "confirmed"])),
                                fields=("environment", "round"),
                                name="confirmation_one_counts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at", None), ("by", None), ("state", "waiting")),
                                    models.Q(
                                        models.Q(("state", "waiting"), _negated=True), ("answered_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="confirmation_answered_when_it_does_not_wait",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sent_back"), _negated=True),
                                    models.Q(("words", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="confirmation_sent_back_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("by", None), models.Q(("by", models.F("person")), _negated=True), _connector="OR"
                                ),
                                name="confirmation_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["waiting", "confirmed", "sent_back", "withdrawn"])),
                                name="confirmation_state_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_confirmation_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_confirmation_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_confirmation_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_confirmation_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_confirmation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_confirmation_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="Confirmer",
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
                            "confirmation",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="confirmers",
                                to="handins.confirmation",
                            ),
                        ),
                        (
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who is asked",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "who is asked to confirm",
                        "verbose_name_plural": "who are asked to confirm",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "confirmation", "person"), name="confirmer_asked_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "confirmation_id"),
                                name="handins_confirmer_confirmation_scoped",
                                target="handins_confirmation",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_confirmer_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_confirmer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_confirmer_rows", own=True, system=False
                            ),
                        ],
                        "indexes": [],
                    },
                ),
            ],
        ),
    ]
