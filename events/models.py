"""Events: when and where people meet, who has a seat, and who was there."""

import hashlib
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel
from ecosystem.models.base import EVERYTHING


class Event(TenantModel):
    """The event of an element. ``taken`` counts the seats that are booked or offered; the database never lets it pass
    ``capacity`` and ``overbooked``, the seats an organiser gave away beyond it. Without a capacity everybody gets in.

    An event without sessions has no date yet: who wants to come waits, and is booked when the first session is set.
    """

    element = ElementKey(verbose_name=_("event"))
    zone = models.CharField(_("time zone"), max_length=64)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    minimum = models.PositiveIntegerField(_("fewest people"), default=0)
    taken = models.PositiveIntegerField(_("places taken"), default=0)
    overbooked = models.PositiveIntegerField(_("places beyond"), default=0)
    has_waiting_list = models.BooleanField(_("waiting list"), default=True)
    offer_hours = models.PositiveSmallIntegerField(_("hours to accept an offer"), default=24)
    cancel_hours = models.PositiveSmallIntegerField(_("cancel until, hours before"), default=24)
    opens_at = models.DateTimeField(_("booking opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("booking closes"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="event_once_per_element"),
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(taken__lte=F("capacity") + F("overbooked")), name="event_never_oversold"
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="event_opens_before_it_closes",
            ),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="event_offers_last"),
        ]

    def __str__(self) -> str:
        return str(self.element_id)

    @property
    def free(self) -> int | None:
        """Places that nobody has and nobody is offered; None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity + self.overbooked - self.taken)


class Session(TenantModel):
    """One meeting of an event. Nobody trains, and no room is used, in two at once: the database refuses it.

    ``sequence`` counts its changes, so that calendars know which word is the last (RFC 5545 3.8.7.4). At ``remind_at``
    people with a seat are reminded; it is empty once they were, or when it was too late to begin with.
    """

    system = True

    event = TenantKey("events.Event", models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=100, blank=True)
    link = models.URLField(_("meeting link"), max_length=500, blank=True)
    trainer = PersonKey(null=True, blank=True, verbose_name=_("trainer"))
    sequence = models.PositiveIntegerField(_("changes"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    remind_at = models.DateTimeField(_("reminder goes out at"), null=True, editable=False)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["environment", "ends_at"], name="session_by_end"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="session_to_remind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="session_begins_before_it_ends"),
            *(
                ExclusionConstraint(
                    name=f"session_one_{what}_at_a_time",
                    expressions=[
                        ("environment", RangeOperators.EQUAL),
                        *((column, RangeOperators.EQUAL) for column in columns),
                        (
                            Func(
                                "starts_at",
                                "ends_at",
                                RangeBoundary(),
                                function="tstzrange",
                                output_field=DateTimeRangeField(),
                            ),
                            RangeOperators.OVERLAPS,
                        ),
                    ],
                    condition=condition,
                )
                for what, columns, condition in (
                    ("trainer", ("trainer",), Q(trainer__isnull=False)),
                    ("room", ("place", "room"), ~Q(room="")),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()


class SeatState(models.TextChoices):
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("offered a place")
    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("offer declined")
    EXPIRED = "expired", _("offer ran out")

    @classmethod
    def living(cls) -> tuple["SeatState", ...]:
        return cls.WAITING, cls.OFFERED, cls.BOOKED

    @classmethod
    def holding(cls) -> tuple["SeatState", ...]:
        """Those that take one of the places."""
        return cls.OFFERED, cls.BOOKED


class Seat(TenantModel):
    """Somebody's seat in an event, or their place in the queue for one. Who comes back later gets another row."""

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    event = TenantKey("events.Event", models.CASCADE, related_name="seats")
    person = PersonKey()
    state = models.CharField(_("state"), max_length=10, choices=SeatState.choices)
    asked_at = models.DateTimeField(_("asked at"))
    offer_until = models.DateTimeField(_("offer lasts until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="seat_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "event", "person"],
                condition=Q(state__in=["waiting", "offered", "booked"]),
                name="seat_once_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state="offered", offer_until__isnull=False) | (~Q(state="offered") & Q(offer_until=None)),
                name="seat_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "offered", "booked"], ended_at=None)
                | Q(state__in=["cancelled", "declined", "expired"], ended_at__isnull=False),
                name="seat_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "event", "id"], condition=Q(state="waiting"), name="seat_queue"),
            models.Index(fields=["environment", "offer_until"], condition=Q(state="offered"), name="seat_offers"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    PARTLY = "partly", _("partly")
    EXCUSED = "excused", _("excused")
    ABSENT = "absent", _("absent")


class Attendance(TenantModel):
    """Whether somebody with a seat was there; the last word of who organises counts, the earlier ones are in the audit log."""

    session = TenantKey("events.Session", models.CASCADE, related_name="attendances")
    person = PersonKey()
    presence = models.CharField(_("presence"), max_length=10, choices=Presence.choices)
    marked_at = models.DateTimeField(_("marked at"))

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(fields=["environment", "session", "person"], name="attendance_once"),
            models.CheckConstraint(condition=Q(presence__in=Presence.values), name="attendance_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.presence}"


def digest_of(secret: str) -> str:
    """SHA-256 of the secret of an address, 256 random bits: nothing to guess, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class CalendarFeed(TenantModel):
    """A secret address at which calendar programs read the sessions of one person here. Only its hash is kept.

    It works until another is made, it is taken back, or the password of its person changes (``password_mark``).
    """

    never_copied = EVERYTHING

    person = PersonKey()
    digest = models.CharField(max_length=64, editable=False)
    password_mark = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(_("made at"))
    read_at = models.DateTimeField(_("read at"), null=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(fields=["environment", "person"], name="feed_once_per_person"),
            models.UniqueConstraint(fields=["environment", "digest"], name="feed_digest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"
