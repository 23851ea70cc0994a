"""What is lent out to sessions: a trolley of laptops, a car, a beamer."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import TenantKey, TenantModel

MOST_PIECES = 200


class Equipment(TenantModel):
    """A thing of which there are so many ``pieces``. Taken away it stays for the sessions that had it (``ended_at``)."""

    name = models.CharField(_("name"), max_length=100)
    pieces = models.PositiveSmallIntegerField(_("how many there are"), default=1)
    ended_at = models.DateTimeField(_("taken away at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(pieces__range=(1, MOST_PIECES)), name="equipment_has_pieces"),
            models.UniqueConstraint(
                fields=["environment", "name"], condition=Q(ended_at=None), name="equipment_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EquipmentUse(TenantModel):
    """One piece in one session, with the times of the session. The database gives no piece to two at once.

    Pieces are numbered. Which one a session has may change when another session comes (``services.lending``), so the
    constraint is asked at the commit.
    """

    equipment = TenantKey("events.Equipment", models.PROTECT, related_name="uses")
    session = TenantKey("events.Session", models.CASCADE, related_name="uses")
    piece = models.PositiveSmallIntegerField(_("number of the piece"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("use of equipment")
        verbose_name_plural = _("uses of equipment")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__lt=F("ends_at"), piece__range=(1, MOST_PIECES)), name="equipment_use_is_whole"
            ),
            ExclusionConstraint(
                name="equipment_one_piece_at_a_time",
                expressions=[
                    ("environment", RangeOperators.EQUAL),
                    ("equipment", RangeOperators.EQUAL),
                    ("piece", RangeOperators.EQUAL),
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
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipment_id}/{self.piece}"
