import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.db import migrations, models
from django.contrib.postgres.operations import BtreeGistExtension
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("events", "0002_calendars"),
        ("events", "0002_rules"),
        ("events", "0003_series_and_questions"),
        ("events", "0004_session_zone"),
        ("events", "0005_equipment"),
        ("events", "0006_charges"),
        ("events", "0007_towns"),
        ("events", "0008_series_codes"),
        ("events", "0009_event_feeds"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("zone", models.CharField(max_length=64, verbose_name="time zone")),
                        ("capacity", models.PositiveIntegerField(blank=True, null=True, verbose_name="places")),
                        ("minimum", models.PositiveIntegerField(default=0, verbose_name="fewest people")),
                        ("taken", models.PositiveIntegerField(default=0, verbose_name="places taken")),
                        ("overbooked", models.PositiveIntegerField(default=0, verbose_name="places beyond")),
                        ("has_waiting_list", models.BooleanField(default=True, verbose_name="waiting list")),
                        (
                            "offer_hours",
                            models.PositiveSmallIntegerField(default=24, verbose_name="hours to accept an offer"),
                        ),
                        (
                            "cancel_hours",
                            models.PositiveSmallIntegerField(default=24, verbose_name="cancel until, hours before"),
                        ),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="booking opens")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="booking closes")),
                        ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled at")),
                        (
                            "cancelled_because",
                            models.CharField(blank=True, max_length=300, verbose_name="why it was cancelled"),
                        ),
                        (
                            "element",
                            ecosystem.models.keys.ElementKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.element",
                                verbose_name="event",
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
                            "allows_substitutes",
                            models.BooleanField(default=True, verbose_name="a seat may be passed on"),
                        ),
                        (
                            "approval",
                            models.CharField(
                                choices=[
                                    ("nobody", "nobody"),
                                    ("organiser", "whoever organises events"),
                                    ("manager", "the manager of who asks"),
                                ],
                                default="nobody",
                                max_length=10,
                                verbose_name="needs a yes of",
                            ),
                        ),
                        (
                            "approve_hours",
                            models.PositiveSmallIntegerField(default=72, verbose_name="hours to approve a request"),
                        ),
                        ("attend_if", models.JSONField(blank=True, null=True, verbose_name="who may take part")),
                        ("copies_managers", models.BooleanField(default=False, verbose_name="managers are told")),
                        (
                            "fairness",
                            models.CharField(
                                choices=[
                                    ("first_come", "first come, first served"),
                                    ("priority", "one group first, until a day"),
                                    ("lottery", "by lot, on a day"),
                                ],
                                default="first_come",
                                max_length=10,
                                verbose_name="order",
                            ),
                        ),
                        ("needs_reason", models.BooleanField(default=False, verbose_name="a reason to cancel")),
                        (
                            "priority_group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.group",
                                verbose_name="group that goes first",
                            ),
                        ),
                        ("register_if", models.JSONField(blank=True, null=True, verbose_name="who may book")),
                        ("settle_at", models.DateTimeField(blank=True, null=True, verbose_name="until, or drawn at")),
                        (
                            "settled_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="settled at"),
                        ),
                        (
                            "series",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="events.series",
                            ),
                        ),
                        ("currency", models.CharField(default="EUR", max_length=3, verbose_name="currency")),
                        ("needs_code", models.BooleanField(default=False, verbose_name="needs a code")),
                        (
                            "price",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="price"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "event",
                        "verbose_name_plural": "events",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "element"), name="event_once_per_element"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("capacity", None),
                                    (
                                        "taken__lte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("capacity"), "+", models.F("overbooked")
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="event_never_oversold",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at", None),
                                    ("closes_at", None),
                                    ("opens_at__lt", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="event_opens_before_it_closes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("offer_hours__gte", 1)), name="event_offers_last"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "element_id"),
                                name="events_event_element_scoped",
                                target="ecosystem_availability",
                                to=("environment_id", "element_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="events_event_environment_id"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("approval__in", ["nobody", "organiser", "manager"]), ("approve_hours__gte", 1)
                                ),
                                name="event_approval_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("fairness", "first_come"), ("priority_group", None), ("settle_at", None)),
                                    models.Q(
                                        ("fairness", "priority"),
                                        ("priority_group__isnull", False),
                                        ("settle_at__isnull", False),
                                    ),
                                    models.Q(
                                        ("fairness", "lottery"), ("priority_group", None), ("settle_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="event_fairness_is_whole",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "priority_group_id"),
                                name="events_event_priority_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_event_rows", own=False, system=True
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "series_id"),
                                name="events_event_series_scoped",
                                target="events_series",
                                to=("environment_id", "id"),
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                                    ("currency__regex", "^[A-Z]{3}$"),
                                ),
                                name="event_price_is_whole",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("settle_at__isnull", False), ("settled_at", None)),
                                fields=["settle_at"],
                                name="event_to_settle",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Session",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="begins")),
                        ("ends_at", models.DateTimeField(verbose_name="ends")),
                        ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                        ("room", models.CharField(blank=True, max_length=100, verbose_name="room")),
                        ("link", models.URLField(blank=True, max_length=500, verbose_name="meeting link")),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sessions",
                                to="events.event",
                            ),
                        ),
                        (
                            "trainer",
                            ecosystem.models.keys.PersonKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="trainer",
                            ),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(
                                default=django.utils.timezone.now, editable=False, verbose_name="changed at"
                            ),
                        ),
                        (
                            "remind_at",
                            models.DateTimeField(editable=False, null=True, verbose_name="reminder goes out at"),
                        ),
                        ("sequence", models.PositiveIntegerField(default=0, editable=False, verbose_name="changes")),
                        ("zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                        ("takes_place", models.BooleanField(default=True, editable=False, verbose_name="takes place")),
                    ],
                    options={
                        "verbose_name": "session",
                        "verbose_name_plural": "sessions",
                        "ordering": ["starts_at", "pk"],
                        "indexes": [
                            models.Index(fields=["environment", "ends_at"], name="session_by_end"),
                            models.Index(
                                condition=models.Q(("remind_at__isnull", False)),
                                fields=["remind_at"],
                                name="session_to_remind",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("starts_at__lt", models.F("ends_at"))),
                                name="session_begins_before_it_ends",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_session_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "trainer_id"),
                                name="events_session_trainer_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="events_session_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_session_rows", own=False, system=True
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("takes_place", True), ("trainer__isnull", False)),
                                expressions=[
                                    ("environment", "="),
                                    ("trainer", "="),
                                    (
                                        models.Func(
                                            "starts_at",
                                            "ends_at",
                                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                                            function="tstzrange",
                                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="session_one_trainer_at_a_time",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(models.Q(("room", ""), _negated=True), ("takes_place", True)),
                                expressions=[
                                    ("environment", "="),
                                    ("place", "="),
                                    ("room", "="),
                                    (
                                        models.Func(
                                            "starts_at",
                                            "ends_at",
                                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                                            function="tstzrange",
                                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="session_one_room_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "waits for a yes"),
                                    ("entered", "in the draw"),
                                    ("waiting", "on the waiting list"),
                                    ("offered", "offered a place"),
                                    ("booked", "booked"),
                                    ("cancelled", "cancelled"),
                                    ("declined", "offer declined"),
                                    ("refused", "not approved"),
                                    ("expired", "ran out"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        ("offer_until", models.DateTimeField(blank=True, null=True, verbose_name="lasts until")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                        ("completed_at", models.DateTimeField(blank=True, null=True, verbose_name="completed at")),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="seats",
                                to="events.event",
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
                        ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="approved at")),
                        ("rank", models.PositiveIntegerField(default=0, editable=False, verbose_name="rank")),
                        ("in_calendar", models.BooleanField(default=True, verbose_name="in their calendar")),
                        (
                            "town",
                            models.CharField(blank=True, max_length=80, verbose_name="town where they would come"),
                        ),
                    ],
                    options={
                        "verbose_name": "seat",
                        "verbose_name_plural": "seats",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["environment", "event", "rank", "id"],
                                name="seat_queue",
                            ),
                            models.Index(
                                condition=models.Q(("offer_until__isnull", False)),
                                fields=["environment", "offer_until"],
                                name="seat_offers",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="seat_uid_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_seat_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="events_seat_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="events_seat_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_seat_rows", own=True, system=True
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["requested", "entered", "waiting", "offered", "booked"])
                                ),
                                fields=("environment", "event", "person"),
                                name="seat_once_per_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("offer_until__isnull", False), ("state__in", ["offered", "requested"])),
                                    models.Q(
                                        models.Q(("state__in", ["offered", "requested"]), _negated=True),
                                        ("offer_until", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="seat_offer_has_an_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at", None),
                                        ("state__in", ["requested", "entered", "waiting", "offered", "booked"]),
                                    ),
                                    models.Q(
                                        ("ended_at__isnull", False),
                                        ("state__in", ["cancelled", "declined", "refused", "expired"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="seat_state_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Attendance",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "presence",
                            models.CharField(
                                choices=[
                                    ("present", "present"),
                                    ("partly", "partly"),
                                    ("excused", "excused"),
                                    ("absent", "absent"),
                                ],
                                max_length=10,
                                verbose_name="presence",
                            ),
                        ),
                        ("marked_at", models.DateTimeField(verbose_name="marked at")),
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
                            "session",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="attendances",
                                to="events.session",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "attendance",
                        "verbose_name_plural": "attendances",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "session", "person"), name="attendance_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("presence__in", ["present", "partly", "excused", "absent"])),
                                name="attendance_is_known",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "session_id"),
                                name="events_attendance_session_scoped",
                                target="events_session",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="events_attendance_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_attendance_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_attendance_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CalendarFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64)),
                        ("password_mark", models.CharField(editable=False, max_length=64)),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
                        ("read_at", models.DateTimeField(null=True, verbose_name="read at")),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="feeds",
                                to="events.event",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "calendar address",
                        "verbose_name_plural": "calendar addresses",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "digest"), name="feed_digest_once"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="events_calendarfeed_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_calendarfeed_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_calendarfeed_rows", own=True, system=False
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("event", None)),
                                fields=("environment", "person"),
                                name="feed_once_per_person",
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "person", "event"), name="feed_once_per_event"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_calendarfeed_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Draw",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("seed", models.CharField(editable=False, max_length=64)),
                        ("promise", models.CharField(editable=False, max_length=64, verbose_name="promise")),
                        ("drawn_at", models.DateTimeField(editable=False, null=True, verbose_name="drawn at")),
                        ("order", models.JSONField(default=list, editable=False, verbose_name="order")),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="draws",
                                to="events.event",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "event"), name="draw_once_per_event"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_draw_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="events_draw_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_draw_rows", own=False, system=False
                            ),
                        ],
                        "verbose_name": "draw",
                        "verbose_name_plural": "draws",
                    },
                ),
                migrations.CreateModel(
                    name="Evaluation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                        ("words", models.CharField(blank=True, max_length=1000, verbose_name="words")),
                        ("said_at", models.DateTimeField(verbose_name="said at")),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="evaluations",
                                to="events.event",
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
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "event", "person"), name="evaluation_once"),
                            models.CheckConstraint(
                                condition=models.Q(("score__range", (1, 5))), name="evaluation_score_of_five"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_evaluation_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="events_evaluation_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_evaluation_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_evaluation_rows", own=True, system=False
                            ),
                        ],
                        "verbose_name": "evaluation",
                        "verbose_name_plural": "evaluations",
                    },
                ),
                migrations.CreateModel(
                    name="EventQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="position")),
                        (
                            "kind",
                            models.CharField(
                                choices=[("text", "words"), ("choice", "one of a list"), ("yes_no", "yes or no")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("text", models.CharField(max_length=200, verbose_name="question")),
                        (
                            "choices",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="choices",
                            ),
                        ),
                        ("required", models.BooleanField(default=False, verbose_name="must be answered")),
                        ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="taken away at")),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="events.event",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("choices__len__gte", 2), ("kind", "choice")),
                                    models.Q(("kind__in", ["text", "yes_no"]), ("choices", [])),
                                    _connector="OR",
                                ),
                                name="event_question_choices_of_its_kind",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_eventquestion_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_eventquestion_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_eventquestion_rows", own=False, system=False
                            ),
                        ],
                        "verbose_name": "question of an event",
                        "verbose_name_plural": "questions of events",
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="EventAnswer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="answer")),
                        ("said_at", models.DateTimeField(verbose_name="said at")),
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
                            "question",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="events.eventquestion",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("environment", "question", "person"), name="event_answer_once"
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "question_id"),
                                name="events_eventanswer_question_scoped",
                                target="events_eventquestion",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="events_eventanswer_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_eventanswer_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_eventanswer_rows", own=True, system=False
                            ),
                        ],
                        "verbose_name": "answer to an event",
                        "verbose_name_plural": "answers to events",
                    },
                ),
                migrations.CreateModel(
                    name="Series",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "frequency",
                            models.CharField(
                                choices=[("daily", "every day"), ("weekly", "every week"), ("monthly", "every month")],
                                max_length=10,
                                verbose_name="how often",
                            ),
                        ),
                        (
                            "days",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="days of the week",
                            ),
                        ),
                        ("count", models.PositiveSmallIntegerField(verbose_name="how many")),
                        ("made_at", models.DateTimeField(verbose_name="made at")),
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
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("count__range", (2, 60)), ("frequency__in", ["daily", "weekly", "monthly"])
                                ),
                                name="series_has_an_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__contained_by", [0, 1, 2, 3, 4, 5, 6])),
                                name="series_days_of_a_week",
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="events_series_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_series_rows", own=False, system=False
                            ),
                        ],
                        "verbose_name": "series",
                        "verbose_name_plural": "series",
                    },
                ),
                migrations.CreateModel(
                    name="Equipment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="name")),
                        ("pieces", models.PositiveSmallIntegerField(default=1, verbose_name="how many there are")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="taken away at"),
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
                        "verbose_name": "equipment",
                        "verbose_name_plural": "equipment",
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("pieces__range", (1, 200))), name="equipment_has_pieces"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("environment", "name"),
                                name="equipment_name_once",
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_equipment_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_equipment_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EquipmentUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("piece", models.PositiveSmallIntegerField(verbose_name="number of the piece")),
                        ("starts_at", models.DateTimeField(verbose_name="begins")),
                        ("ends_at", models.DateTimeField(verbose_name="ends")),
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
                            "equipment",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="events.equipment",
                            ),
                        ),
                        (
                            "session",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="uses",
                                to="events.session",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "use of equipment",
                        "verbose_name_plural": "uses of equipment",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("piece__range", (1, 200)), ("starts_at__lt", models.F("ends_at"))),
                                name="equipment_use_is_whole",
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                                expressions=[
                                    ("environment", "="),
                                    ("equipment", "="),
                                    ("piece", "="),
                                    (
                                        models.Func(
                                            "starts_at",
                                            "ends_at",
                                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                                            function="tstzrange",
                                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="equipment_one_piece_at_a_time",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "equipment_id"),
                                name="events_equipmentuse_equipment_scoped",
                                target="events_equipment",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "session_id"),
                                name="events_equipmentuse_session_scoped",
                                target="events_session",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_equipmentuse_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_equipmentuse_rows", own=False, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Charge",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("price", models.DecimalField(decimal_places=2, max_digits=9, verbose_name="price")),
                        ("currency", models.CharField(max_length=3, verbose_name="currency")),
                        ("cost_centre", models.CharField(blank=True, max_length=60, verbose_name="cost centre")),
                        ("said_at", models.DateTimeField(verbose_name="said at")),
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
                            "seat",
                            ecosystem.models.keys.TenantKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="charges",
                                to="events.seat",
                            ),
                        ),
                        (
                            "code",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="charges",
                                to="events.eventcode",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "price of a seat",
                        "verbose_name_plural": "prices of seats",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "seat"), name="charge_once_per_seat"),
                            models.CheckConstraint(condition=models.Q(("price__gte", 0)), name="charge_is_no_gift"),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "seat_id"),
                                name="events_charge_seat_scoped",
                                target="events_seat",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "person_id"),
                                name="events_charge_person_scoped",
                                target="ecosystem_membership",
                                to=("environment_id", "person_id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "code_id"),
                                name="events_charge_code_scoped",
                                target="events_eventcode",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(fields=("environment", "id"), name="events_charge_environment_id"),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_charge_rows", own=True, system=False
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EventCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                max_length=40,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[A-Z0-9-]{6,40}\\Z", "From 6 to 40 letters, digits and hyphens."
                                    )
                                ],
                                verbose_name="code",
                            ),
                        ),
                        (
                            "price",
                            models.DecimalField(
                                blank=True, decimal_places=2, max_digits=9, null=True, verbose_name="price with it"
                            ),
                        ),
                        ("most", models.PositiveIntegerField(blank=True, null=True, verbose_name="how often")),
                        ("used", models.PositiveIntegerField(default=0, editable=False, verbose_name="used")),
                        ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                        ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="taken away at"),
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
                            "event",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="codes",
                                to="events.event",
                            ),
                        ),
                        (
                            "group",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="ecosystem.group",
                                verbose_name="only for the group",
                            ),
                        ),
                        (
                            "series",
                            ecosystem.models.keys.TenantKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="codes",
                                to="events.series",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "code of an event",
                        "verbose_name_plural": "codes of events",
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "event", "code"), name="event_code_once"),
                            models.CheckConstraint(
                                condition=models.Q(("most", None), ("used__lte", models.F("most")), _connector="OR"),
                                name="event_code_never_overused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("price", None), ("price__gte", 0), _connector="OR"),
                                name="event_code_price",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("opens_at", None),
                                    ("closes_at", None),
                                    ("opens_at__lt", models.F("closes_at")),
                                    _connector="OR",
                                ),
                                name="event_code_opens_before_it_closes",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "event_id"),
                                name="events_eventcode_event_scoped",
                                target="events_event",
                                to=("environment_id", "id"),
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "group_id"),
                                name="events_eventcode_group_scoped",
                                target="ecosystem_group",
                                to=("environment_id", "id"),
                            ),
                            models.UniqueConstraint(
                                fields=("environment", "id"), name="events_eventcode_environment_id"
                            ),
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_eventcode_rows", own=False, system=False
                            ),
                            models.UniqueConstraint(fields=("environment", "series", "code"), name="series_code_once"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("event__isnull", False), ("series", None)),
                                    models.Q(("event", None), ("series__isnull", False)),
                                    _connector="OR",
                                ),
                                name="event_code_of_one_or_a_series",
                            ),
                            ecosystem.models.security.CompositeKey(
                                columns=("environment_id", "series_id"),
                                name="events_eventcode_series_scoped",
                                target="events_series",
                                to=("environment_id", "id"),
                            ),
                        ],
                    },
                ),
            ],
        ),
    ]
