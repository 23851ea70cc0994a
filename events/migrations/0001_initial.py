import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import ecosystem.models.keys
import ecosystem.models.security
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models
from ecosystem.creating import CreateModels


class Migration(migrations.Migration):
    initial = True

    # What a database of before has recorded; it has the same tables.
    replaces = [
        ("events", "0002_calendars"),
    ]

    dependencies = [
        ("ecosystem", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        CreateModels(
            [
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
                            ecosystem.models.security.RowSecurity(
                                element_column=None, name="events_event_rows", own=False, system=False
                            ),
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
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("trainer__isnull", False)),
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
                                condition=models.Q(("room", ""), _negated=True),
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
                                    ("waiting", "on the waiting list"),
                                    ("offered", "offered a place"),
                                    ("booked", "booked"),
                                    ("cancelled", "cancelled"),
                                    ("declined", "offer declined"),
                                    ("expired", "offer ran out"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked at")),
                        ("offer_until", models.DateTimeField(blank=True, null=True, verbose_name="offer lasts until")),
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
                    ],
                    options={
                        "verbose_name": "seat",
                        "verbose_name_plural": "seats",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "waiting")),
                                fields=["environment", "event", "id"],
                                name="seat_queue",
                            ),
                            models.Index(
                                condition=models.Q(("state", "offered")),
                                fields=["environment", "offer_until"],
                                name="seat_offers",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "uid"), name="seat_uid_once"),
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["waiting", "offered", "booked"])),
                                fields=("environment", "event", "person"),
                                name="seat_once_per_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("offer_until__isnull", False), ("state", "offered")),
                                    models.Q(models.Q(("state", "offered"), _negated=True), ("offer_until", None)),
                                    _connector="OR",
                                ),
                                name="seat_offer_has_an_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("state__in", ["waiting", "offered", "booked"])),
                                    models.Q(
                                        ("ended_at__isnull", False), ("state__in", ["cancelled", "declined", "expired"])
                                    ),
                                    _connector="OR",
                                ),
                                name="seat_state_is_known",
                            ),
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
                    ],
                    options={
                        "verbose_name": "calendar address",
                        "verbose_name_plural": "calendar addresses",
                        "constraints": [
                            models.UniqueConstraint(fields=("environment", "person"), name="feed_once_per_person"),
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
                        ],
                    },
                ),
            ]
        ),
    ]
