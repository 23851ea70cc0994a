"""Who was sent to a tool, as whom the tool knows them, and what it said of them."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel
from lti.claims import is_final


class Pseudonym(TenantModel):
    """As whom one tool knows one person: drawn by lot, so that two tools cannot compare whom they know."""

    person = PersonKey()
    tool = TenantKey("lti.Tool", models.CASCADE)
    sub = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        verbose_name = _("pseudonym in a tool")
        verbose_name_plural = _("pseudonyms in tools")
        constraints = [
            models.UniqueConstraint(fields=["environment", "tool", "person"], name="lti_pseudonym_once"),
            models.UniqueConstraint(fields=["environment", "tool", "sub"], name="lti_pseudonym_sub_once"),
        ]

    def __str__(self) -> str:
        return str(self.sub)


def share_of(given: float | None, maximum: float | None) -> float | None:
    """From 0 to 1; points beyond the maximum are not more than all."""
    return None if given is None or maximum is None else min(given / maximum, 1.0)


def percent_of(share: float | None) -> int | None:
    """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
    return None if share is None else int(share * 100 + 1e-6)


class Launch(TenantModel):
    """One way into a tool. ``hint_hash`` is of the login hint, which is good once and for minutes; ``came_at`` says that the
    tool asked for its message and got it. ``onward`` is where the person goes afterwards."""

    never_copied = ("hint_hash",)

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey()
    tool = TenantKey("lti.Tool")
    hint_hash = models.CharField(max_length=64)
    onward = models.CharField(max_length=500, blank=True)
    began_at = models.DateTimeField(_("began at"))
    came_at = models.DateTimeField(_("opened at"), null=True)

    class Meta:
        verbose_name = _("launch of a tool")
        verbose_name_plural = _("launches of tools")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="lti_launch_once"),
            models.UniqueConstraint(fields=["environment", "hint_hash"], name="lti_launch_hint_once"),
            models.CheckConstraint(
                condition=Q(came_at=None) | Q(came_at__gte=F("began_at")), name="lti_launch_began_before_it_came"
            ),
        ]
        indexes = [models.Index(fields=["environment", "element", "person", "-began_at"], name="lti_launch_of_person")]

    def __str__(self) -> str:
        return str(self.uid)


class Score(TenantModel):
    """What a tool said of a person (AGS 2.0), as it said it. Rows are added and never changed; the newest ``said_at`` of
    the final ones counts."""

    person = PersonKey()
    element = ElementKey()
    tool = TenantKey("lti.Tool")
    said_at = models.DateTimeField(_("said at"))
    stored_at = models.DateTimeField(_("received at"))
    progress = models.CharField(_("progress"), max_length=12)
    grading = models.CharField(_("marking"), max_length=14)
    given = models.FloatField(_("points given"), null=True)
    maximum = models.FloatField(_("points at most"), null=True)
    comment = models.TextField(_("comment"), blank=True)

    class Meta:
        verbose_name = _("score from a tool")
        verbose_name_plural = _("scores from tools")
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "element", "person", "tool", "said_at"], name="lti_score_once"
            ),
            models.CheckConstraint(
                condition=Q(given=None, maximum=None) | Q(given__gte=0, maximum__gt=0), name="lti_score_has_a_maximum"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given}/{self.maximum}"

    @property
    def is_final(self) -> bool:
        """Whether it counts; others are on the way."""
        return is_final(self.progress, self.grading)

    @property
    def share(self) -> float | None:
        return share_of(self.given, self.maximum)

    @property
    def percent(self) -> int | None:
        return percent_of(self.share)
