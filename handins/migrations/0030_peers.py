import django.db.models.deletion
import django.db.models.expressions
import ecosystem.creating
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ecosystem", "0001_initial"),
        ("handins", "0024_queue_indexes"),
    ]

    operations = [
        ecosystem.creating.CreateModels(
            models=[
                migrations.CreateModel(
                    name="PeerPlan",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("is_on", models.BooleanField(default=False, verbose_name="peers review it")),
                        ("each", models.PositiveSmallIntegerField(default=3, verbose_name="reviews each")),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewing opens")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewing closes")),
                        ("is_anonymous", models.BooleanField(default=True, verbose_name="without names")),
                        ("at_once", models.BooleanField(default=False, verbose_name="seen at once")),
                        (
                            "share",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="share of the mark from peers (%)"
                            ),
                        ),
                        (
                            "quality",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="share of the mark for reviewing (%)"
                            ),
                        ),
                        ("near", models.PositiveSmallIntegerField(default=20, verbose_name="near enough (points)")),
                        (
                            "assignment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.assignment",
                            ),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.TenantKey(
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
                        "verbose_name": "plan of a peer review",
                        "verbose_name_plural": "plans of peer reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="peer_plan_once_per_assignment"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("each__range", (1, 10))), name="peer_plan_each_in_range"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_on", False),
                                    models.Q(("closes_at__isnull", False), ("opens_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="peer_plan_has_dates",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at", None),
                                    ("closes_at", None),
                                    ("opens_at__lt", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="peer_plan_opens_before_it_closes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quality__lte", 50),
                                    ("share__lte", 100),
                                    (
                                        "share__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.Value(100), "-", models.F("quality")
                                        ),
                                    ),
                                ),
                                name="peer_plan_shares_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("near__lte", 100)), name="peer_plan_near_in_range"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "assignment_id"),
                                name="handins_peerplan_assignment_scoped",
                                target="handins_assignment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peerplan_element_scoped",
                                target="ecosystem_element",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerplan_environment_id"
                            ),
                            models.UniqueConstraint(fields=("element", "id"), name="handins_peerplan_element_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column="element_id", name="handins_peerplan_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerPhase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seed", models.BigIntegerField()),
                        ("opened_at", models.DateTimeField(blank=True, null=True, verbose_name="opened at")),
                        ("reminded_at", models.DateTimeField(blank=True, null=True, verbose_name="reminded at")),
                        ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
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
                            "plan",
                            ecosystem.models.keys.PartKey(
                                db_constraint=False,
                                element_column="element_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="handins.peerplan",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "phase of a peer review",
                        "verbose_name_plural": "phases of peer reviews",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "element"), name="peer_phase_once_per_assignment"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peerphase_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "plan_id"),
                                name="handins_peerphase_plan_scoped",
                                target="handins_peerplan",
                                to=("element_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerphase_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peerphase_rows", own=False, system=True
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerReview",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        ("place", models.PositiveSmallIntegerField(verbose_name="place")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "to do"), ("done", "given"), ("dropped", "not given")],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("levels", models.JSONField(default=dict)),
                        ("comments", models.JSONField(default=dict)),
                        ("strengths", models.TextField(blank=True, verbose_name="what is good")),
                        ("advice", models.TextField(blank=True, verbose_name="what to do next")),
                        ("score", models.FloatField(blank=True, null=True, verbose_name="score")),
                        ("allocated_at", models.DateTimeField(verbose_name="allocated at")),
                        ("saved_at", models.DateTimeField(blank=True, null=True, verbose_name="saved at")),
                        ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="given at")),
                        ("helpful", models.BooleanField(blank=True, null=True, verbose_name="was helpful")),
                        ("flag", models.CharField(blank=True, max_length=500, verbose_name="why it is reported")),
                        (
                            "excluded",
                            models.CharField(blank=True, max_length=300, verbose_name="why it does not count"),
                        ),
                        (
                            "author",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                db_index=False,
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
                            "excluded_by",
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
                            "person",
                            ecosystem.models.keys.PersonKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reviewer",
                            ),
                        ),
                        (
                            "phase",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="handins.peerphase",
                            ),
                        ),
                        (
                            "round",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="peer_reviews",
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
                        "verbose_name": "peer review",
                        "verbose_name_plural": "peer reviews",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="peer_review_uid_once"),
                            models.UniqueConstraint(
                                fields=("environment", "round", "person"), name="peer_review_once_per_person"
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "phase", "person", "place"), name="peer_review_place_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("person", models.F("author")), _negated=True),
                                name="peer_review_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("state__in", ["open", "done", "dropped"])),
                                name="peer_review_state_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score", None), ("score__range", (0, 1)), _connector="OR"),
                                name="peer_review_score_in_range",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("state", "done")),
                                    models.Q(models.Q(("state", "done"), _negated=True), ("sent_at", None)),
                                    _connector="OR",
                                ),
                                name="peer_review_given_has_a_time",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "phase_id"),
                                name="handins_peerreview_phase_scoped",
                                target="handins_peerphase",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="handins_peerreview_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "round_id"),
                                name="handins_peerreview_round_scoped",
                                target="handins_round",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="handins_peerreview_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "author_id"),
                                name="handins_peerreview_author_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("element_id", "rubric_id"),
                                name="handins_peerreview_rubric_scoped",
                                target="handins_rubric",
                                to=("element_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "excluded_by_id"),
                                name="handins_peerreview_excluded_by_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="handins_peerreview_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="handins_peerreview_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
