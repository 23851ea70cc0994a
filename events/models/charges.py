"""What a seat costs, and codes. Nothing is paid here: what is booked is to be invoiced."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel

CODE = RegexValidator(r"\A[A-Z0-9-]{6,40}\Z", _("From 6 to 40 letters, digits and hyphens."))


class EventCode(TenantModel):
    """Opens an event that needs a code, or makes it cheaper (``price``). ``used`` counts the seats and places in the queue
    that were asked for with it; the database never lets it pass ``most``. One of a series works for each of its events, and
    counts them together."""

    event = TenantKey("events.Event", models.CASCADE, null=True, blank=True, related_name="codes")
    series = TenantKey("events.Series", models.CASCADE, null=True, blank=True, related_name="codes")
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    price = models.DecimalField(_("price with it"), max_digits=9, decimal_places=2, null=True, blank=True)
    most = models.PositiveIntegerField(_("how often"), null=True, blank=True)
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)
    group = TenantKey("ecosystem.Group", null=True, blank=True, verbose_name=_("only for the group"))
    opens_at = models.DateTimeField(_("from"), null=True, blank=True)
    closes_at = models.DateTimeField(_("until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("taken away at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("code of an event")
        verbose_name_plural = _("codes of events")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "event", "code"], name="event_code_once"),
            models.UniqueConstraint(fields=["environment", "series", "code"], name="series_code_once"),
            models.CheckConstraint(
                condition=Q(event__isnull=False, series=None) | Q(event=None, series__isnull=False),
                name="event_code_of_one_or_a_series",
            ),
            models.CheckConstraint(condition=Q(most=None) | Q(used__lte=F("most")), name="event_code_never_overused"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="event_code_price"),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="event_code_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Charge(TenantModel):
    """What the seat of somebody costs, as it was when they asked. It is to be invoiced while the seat is booked."""

    seat = TenantKey("events.Seat", models.CASCADE, related_name="charges")
    person = PersonKey()
    price = models.DecimalField(_("price"), max_digits=9, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    cost_centre = models.CharField(_("cost centre"), max_length=60, blank=True)
    code = TenantKey("events.EventCode", models.PROTECT, null=True, blank=True, related_name="charges")
    said_at = models.DateTimeField(_("said at"))

    class Meta:
        verbose_name = _("price of a seat")
        verbose_name_plural = _("prices of seats")
        constraints = [
            models.UniqueConstraint(fields=["environment", "seat"], name="charge_once_per_seat"),
            models.CheckConstraint(condition=Q(price__gte=0), name="charge_is_no_gift"),
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.currency}"
