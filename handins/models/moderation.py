"""Marks that somebody else looks at: which, and what they found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class Moderated(models.TextChoices):
    """Which marks of an assignment go to a moderator."""

    NONE = "none", _("no marks")
    SAMPLE = "sample", _("a random share of the marks")
    FAILING = "failing", _("all that fail, and those near the pass mark")


class Picked(models.TextChoices):
    SAMPLE = "sample", _("drawn by lot")
    FAILING = "failing", _("it does not pass")
    BORDERLINE = "borderline", _("it is near the pass mark")
    AGAIN = "again", _("a moderator has looked at a mark of this work before")
    CORRECTED = "corrected", _("it was corrected after the release")


class Moderation(TenantModel):
    """This ``mark`` is for a moderator. Added, never changed; ``draw`` says how the lot fell, so that it can be drawn again."""

    round = TenantKey("handins.Round", related_name="moderations")
    mark = TenantKey("handins.Mark", db_index=False)
    person = PersonKey(db_index=False)
    reason = models.CharField(_("why"), max_length=10, choices=Picked.choices)
    draw = models.CharField(_("how it was drawn"), max_length=80, blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("mark for a moderator")
        verbose_name_plural = _("marks for a moderator")
        constraints = [
            models.UniqueConstraint(fields=["environment", "mark"], name="moderation_once_per_mark"),
            models.CheckConstraint(condition=Q(reason__in=Picked.values), name="moderation_reason_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.reason}"


class Verdict(TenantModel):
    """What a moderator, who did not mark it, found of the mark. Added, never changed."""

    moderation = TenantKey("handins.Moderation", db_index=False, related_name="verdicts")
    round = TenantKey("handins.Round", related_name="verdicts")
    person = PersonKey(db_index=False)
    is_upheld = models.BooleanField(_("upheld"))
    words = models.TextField(_("what they say"), blank=True)
    by = PersonKey()
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("verdict on a mark")
        verbose_name_plural = _("verdicts on marks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "moderation"], name="verdict_once_per_moderation")
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.is_upheld}"
