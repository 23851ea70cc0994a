import django.db.models.deletion
import django.db.models.functions.text
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("handins", "0015_double_marking"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="submission",
            name="submission_once_per_person",
        ),
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="Adjustment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("points", models.SmallIntegerField(default=0, verbose_name="points more or less")),
                        ("passed", models.BooleanField(blank=True, null=True, verbose_name="passed")),
                        ("because", models.CharField(max_length=300, verbose_name="why")),
                        ("at", models.DateTimeField()),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="adjustments",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "adjustment",
                        "verbose_name_plural": "adjustments",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("points__range", (-100, 100))), name="adjustment_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("because", ""), _negated=True), name="adjustment_says_why"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_adjustment_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_adjustment_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_adjustment_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_adjustment_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_adjustment_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Share",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(blank=True, null=True, verbose_name="agreed at")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("link", models.URLField(blank=True, max_length=500, verbose_name="address")),
                        ("is_gone", models.BooleanField(default=False)),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="shares",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "part in a round",
                        "verbose_name_plural": "parts in rounds",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "person"), name="share_once_per_round"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_share_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_share_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_share_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_share_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Team",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
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
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="ecosystem.group",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "team",
                        "verbose_name_plural": "teams",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="team_uid_once"),
                            models.UniqueConstraint(
                                models.F("environment"),
                                models.F("element"),
                                django.db.models.functions.text.Lower("name"),
                                name="team_name_once_per_assignment",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_team_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="handins_team_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="handins_team_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_team_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamAct",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "deed",
                            models.CharField(
                                choices=[
                                    ("wrote", "wrote"),
                                    ("added", "added a file"),
                                    ("removed", "took a file away"),
                                    ("agreed", "agreed"),
                                    ("submitted", "handed in"),
                                    ("retracted", "took it back"),
                                ],
                                max_length=10,
                                verbose_name="what",
                            ),
                        ),
                        ("times", models.PositiveIntegerField(default=1, verbose_name="how often")),
                        ("at", models.DateTimeField(verbose_name="when last")),
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acts",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "act in a team",
                        "verbose_name_plural": "acts in teams",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "round", "person", "deed"), name="team_act_once_of_a_kind"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("deed__in", ["wrote", "added", "removed", "agreed", "submitted", "retracted"])
                                ),
                                name="team_act_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_teamact_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_teamact_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_teamact_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_teamact_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("joined_at", models.DateTimeField(verbose_name="joined at")),
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
                            "team",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="handins.team",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "member of a team",
                        "verbose_name_plural": "members of teams",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element", "person"), name="team_member_once_per_assignment"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "team_id"),
                                name="handins_teammember_team_scoped",
                                target="handins_team",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_teammember_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_teammember_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_teammember_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_teammember_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name="assignment",
            name="all_agree",
            field=models.BooleanField(default=False, verbose_name="everybody in the team agrees first"),
        ),
        migrations.AddField(
            model_name="assignment",
            name="is_group",
            field=models.BooleanField(default=False, verbose_name="handed in by teams"),
        ),
        migrations.AddField(
            model_name="submission",
            name="team",
            field=ecosystem.models.keys.TenantKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="handins.team",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=models.Q(("team", None)),
                fields=("environment", "person", "element"),
                name="submission_once_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(fields=("environment", "team"), name="submission_once_per_team"),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=ecosystem.models.security.CompositeKey(
                columns=("environment_id", "team_id"),
                name="handins_submission_team_scoped",
                target="handins_team",
                to=("environment_id", "id"),
            ),
        ),
    ]
