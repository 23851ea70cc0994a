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
        ("handins", "0030_peers"),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="PeerSample",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("title", models.CharField(max_length=120, verbose_name="title")),
                        ("text", models.TextField(blank=True, verbose_name="text")),
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("comment", models.TextField(blank=True, verbose_name="comment")),
                        ("score", models.FloatField(verbose_name="score")),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "environment",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.environment",
                            ),
                        ),
                        (
                            "exemplar",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.exemplar",
                            ),
                        ),
                        (
                            "rubric",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.rubric",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sample for peer review",
                        "verbose_name_plural": "samples for peer review",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="peer_sample_uid_once"),
                            models.CheckConstraint(
                                condition=models.Q(("score__range", (0, 1))), name="peer_sample_score_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("exemplar", None), models.Q(("text", ""), _negated=True)),
                                    models.Q(("exemplar__isnull", False), ("text", "")),
                                    _connector="OR",
                                ),
                                name="peer_sample_is_a_text_or_an_example",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peersample_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "exemplar_id"),
                                name="handins_peersample_exemplar_scoped",
                                target="handins_exemplar",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_peersample_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "by_id"),
                                name="handins_peersample_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peersample_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peersample_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerTry",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("levels", models.JSONField(default=dict)),
                        ("words", models.TextField(blank=True, verbose_name="words")),
                        ("score", models.FloatField(verbose_name="score")),
                        ("at", models.DateTimeField()),
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
                            "sample",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="handins.peersample",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "practice review",
                        "verbose_name_plural": "practice reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "sample", "person"), name="peer_try_once_per_sample"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score__range", (0, 1))), name="peer_try_score_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "sample_id"),
                                name="handins_peertry_sample_scoped",
                                target="handins_peersample",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_peertry_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peertry_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peertry_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerBlend",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("given", models.FloatField(verbose_name="given")),
                        ("peers", models.FloatField(blank=True, null=True, verbose_name="by peers")),
                        ("reviewing", models.FloatField(blank=True, null=True, verbose_name="for reviewing")),
                        ("share", models.PositiveSmallIntegerField(verbose_name="share of peers")),
                        ("quality", models.PositiveSmallIntegerField(verbose_name="share of reviewing")),
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
                                on_delete=django.db.models.deletion.CASCADE,
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.round",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "mark mixed with that of peers",
                        "verbose_name_plural": "marks mixed with those of peers",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "mark"), name="peer_blend_once_per_mark"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("given__range", (0, 1)),
                                    models.Q(("peers", None), ("peers__range", (0, 1)), _connector="OR"),
                                    models.Q(("reviewing", None), ("reviewing__range", (0, 1)), _connector="OR"),
                                ),
                                name="peer_blend_in_range",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "mark_id"),
                                name="handins_peerblend_mark_scoped",
                                target="handins_mark",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_peerblend_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_peerblend_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerblend_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peerblend_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
