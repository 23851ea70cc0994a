"""Who has a seat or waits for one, who was there, and lots."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class SeatState(models.TextChoices):
    REQUESTED = "requested", _("waits for a yes")
    ENTERED = "entered", _("in the draw")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("offered a place")
    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("offer declined")
    REFUSED = "refused", _("not approved")
    EXPIRED = "expired", _("ran out")
    UNPLACED = "unplaced", _("no place this time")

    @classmethod
    def living(cls) -> tuple["SeatState", ...]:
        return cls.REQUESTED, cls.ENTERED, cls.WAITING, cls.OFFERED, cls.BOOKED

    @classmethod
    def holding(cls) -> tuple["SeatState", ...]:
        """Those that take one of the places."""
        return cls.OFFERED, cls.BOOKED


LIVING = ["requested", "entered", "waiting", "offered", "booked"]


class Seat(TenantModel):
    """Somebody's seat in an event, or their place in the queue for one. Who comes back later gets another row.

    The queue is by ``rank`` (that of the draw, or 0 for the group that goes first) and then by row. ``offer_until``: when an
    offer, or a request, runs out.
    """

    system = True

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    event = TenantKey("events.Event", models.CASCADE, related_name="seats")
    person = PersonKey()
    state = models.CharField(_("state"), max_length=10, choices=SeatState.choices)
    asked_at = models.DateTimeField(_("asked at"))
    rank = models.PositiveIntegerField(_("rank"), default=0, editable=False)
    offer_until = models.DateTimeField(_("lasts until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    town = models.CharField(_("town where they would come"), max_length=80, blank=True)
    in_calendar = models.BooleanField(_("in their calendar"), default=True)

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="seat_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "event", "person"],
                condition=Q(state__in=LIVING),
                name="seat_once_per_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "requested"], offer_until__isnull=False)
                | (~Q(state__in=["offered", "requested"]) & Q(offer_until=None)),
                name="seat_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=LIVING, ended_at=None)
                | Q(state__in=["cancelled", "declined", "refused", "expired", "unplaced"], ended_at__isnull=False),
                name="seat_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["environment", "event", "rank", "id"], condition=Q(state="waiting"), name="seat_queue"
            ),
            models.Index(
                fields=["environment", "offer_until"], condition=Q(offer_until__isnull=False), name="seat_offers"
            ),
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


class Draw(TenantModel):
    """The lots of an event. ``promise`` is the SHA-256 of ``seed`` and is shown from the first moment; the seed, and ``order``
    (the numbers of everybody's seats, first drawn first), are shown once lots were drawn. See ``events.lots``.
    """

    event = TenantKey("events.Event", models.CASCADE, related_name="draws")
    seed = models.CharField(max_length=64, editable=False)
    promise = models.CharField(_("promise"), max_length=64, editable=False)
    drawn_at = models.DateTimeField(_("drawn at"), null=True, editable=False)
    order = models.JSONField(_("order"), default=list, editable=False)

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        constraints = [models.UniqueConstraint(fields=["environment", "event"], name="draw_once_per_event")]

    def __str__(self) -> str:
        return self.promise
