"""Events and their sessions: when and where people meet, and by which rules seats are given."""

from zoneinfo import ZoneInfo

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel
from events.zones import same_clock, town_of


class Approval(models.TextChoices):
    """Whose yes a booking needs."""

    NOBODY = "nobody", _("nobody")
    ORGANISER = "organiser", _("whoever organises events")
    MANAGER = "manager", _("the manager of who asks")


class Fairness(models.TextChoices):
    """In what order seats are given. People read it before they book."""

    FIRST_COME = "first_come", _("first come, first served")
    PRIORITY = "priority", _("one group first, until a day")
    LOTTERY = "lottery", _("by lot, on a day")


class Event(TenantModel):
    """The event of an element. ``taken`` counts the seats that are booked or offered; the database never lets it pass
    ``capacity`` and ``overbooked``, the seats an organiser gave away beyond it. Without a capacity everybody gets in.

    An event without sessions has no date yet: who wants to come waits, and is booked when the first session is set.

    ``settle_at``: until then one group goes first (``PRIORITY``), or then lots are drawn (``LOTTERY``); ``settled_at`` once that
    was done. ``register_if`` and ``attend_if`` are conditions (``ecosystem.conditions``): to book, and to take part.
    """

    system = True  # a task looks where lots are to be drawn

    element = ElementKey(verbose_name=_("event"))
    series = TenantKey("events.Series", null=True, blank=True, editable=False, related_name="events")
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
    approval = models.CharField(_("needs a yes of"), max_length=10, choices=Approval, default=Approval.NOBODY)
    approve_hours = models.PositiveSmallIntegerField(_("hours to approve a request"), default=72)
    copies_managers = models.BooleanField(_("managers are told"), default=False)
    allows_substitutes = models.BooleanField(_("a seat may be passed on"), default=True)
    needs_reason = models.BooleanField(_("a reason to cancel"), default=False)
    register_if = models.JSONField(_("who may book"), null=True, blank=True)
    attend_if = models.JSONField(_("who may take part"), null=True, blank=True)
    fairness = models.CharField(_("order"), max_length=10, choices=Fairness, default=Fairness.FIRST_COME)
    priority_group = TenantKey("ecosystem.Group", null=True, blank=True, verbose_name=_("group that goes first"))
    settle_at = models.DateTimeField(_("until, or drawn at"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True, editable=False)
    price = models.DecimalField(_("price"), max_digits=9, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    needs_code = models.BooleanField(_("needs a code"), default=False)
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
            models.CheckConstraint(
                condition=(Q(price=None) | Q(price__gte=0)) & Q(currency__regex="^[A-Z]{3}$"),
                name="event_price_is_whole",
            ),
            models.CheckConstraint(condition=Q(offer_hours__gte=1), name="event_offers_last"),
            models.CheckConstraint(
                condition=Q(approval__in=Approval.values, approve_hours__gte=1), name="event_approval_is_known"
            ),
            models.CheckConstraint(
                condition=Q(fairness="first_come", priority_group=None, settle_at=None)
                | Q(fairness="priority", settle_at__isnull=False)
                & (Q(priority_group__isnull=False) | Q(settled_at__isnull=False) | Q(cancelled_at__isnull=False))
                | Q(fairness="lottery", priority_group=None, settle_at__isnull=False),
                name="event_fairness_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["settle_at"], condition=Q(settle_at__isnull=False, settled_at=None), name="event_to_settle"
            ),
        ]

    def __str__(self) -> str:
        return str(self.element_id)

    @property
    def audit_name(self) -> str:
        return str(self.element)

    @property
    def free(self) -> int | None:
        """Places that nobody has and nobody is offered; None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity + self.overbooked - self.taken)

    @property
    def is_settled(self) -> bool:
        """Whether places go to whoever is next: always, or once the group had its days or lots were drawn."""
        return self.fairness == Fairness.FIRST_COME or self.settled_at is not None


class Session(TenantModel):
    """One meeting of an event. Nobody trains, and no room is used, in two at once: the database refuses it. Once its event is
    cancelled both are free (``takes_place``).

    ``zone`` is empty where the clocks are those of the event. ``sequence`` counts its changes, so that calendars know which word is the last (RFC 5545 3.8.7.4). At ``remind_at``
    people with a seat are reminded; it is empty once they were, or when it was too late to begin with.
    """

    system = True

    event = TenantKey("events.Event", models.CASCADE, related_name="sessions")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=100, blank=True)
    link = models.URLField(_("meeting link"), max_length=500, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    trainer = PersonKey(null=True, blank=True, verbose_name=_("trainer"))
    sequence = models.PositiveIntegerField(_("changes"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    takes_place = models.BooleanField(_("takes place"), default=True, editable=False)
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
                    ("trainer", ("trainer",), Q(trainer__isnull=False, takes_place=True)),
                    ("room", ("place", "room"), ~Q(room="") & Q(takes_place=True)),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def wall(self) -> str:
        """The time zone of the clock on the wall where it takes place."""
        return self.zone or self.event.zone

    @property
    def town(self) -> str:
        """The town after which that time zone is called, where its clocks show something else than those of the reader;
        else empty."""
        here = timezone.get_current_timezone()
        return "" if same_clock(self.starts_at, self.ends_at, self.wall, here) else town_of(self.wall)

    @property
    def own_day(self) -> bool:
        """Whether it begins on another day for the reader."""
        here = timezone.get_current_timezone()
        return self.starts_at.astimezone(here).date() != self.starts_at.astimezone(ZoneInfo(self.wall)).date()
