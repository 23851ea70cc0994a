"""Samples to practise reviewing on, and what peers made of a mark."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class PeerSample(TenantModel):
    """A work, written for it or an example of somebody who agrees, with what the teacher finds of it."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(verbose_name=_("assignment"))
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    exemplar = TenantKey("handins.Exemplar", models.CASCADE, null=True, blank=True)
    rubric = PartKey("handins.Rubric")
    levels = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    comment = models.TextField(_("comment"), blank=True)
    score = models.FloatField(_("score"))
    by = PersonKey(db_index=False, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("sample for peer review")
        verbose_name_plural = _("samples for peer review")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="peer_sample_uid_once"),
            models.CheckConstraint(condition=Q(score__range=(0, 1)), name="peer_sample_score_in_range"),
            models.CheckConstraint(
                condition=(Q(exemplar=None) & ~Q(text="")) | (Q(exemplar__isnull=False) & Q(text="")),
                name="peer_sample_is_a_text_or_an_example",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PeerTry(TenantModel):
    """What one person found of a sample, before they saw what the teacher finds. Once, and it stays."""

    sample = TenantKey("handins.PeerSample", models.CASCADE, related_name="tries")
    person = PersonKey()
    levels = models.JSONField(default=dict)
    words = models.TextField(_("words"), blank=True)
    score = models.FloatField(_("score"))
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("practice review")
        verbose_name_plural = _("practice reviews")
        constraints = [
            models.UniqueConstraint(fields=["environment", "sample", "person"], name="peer_try_once_per_sample"),
            models.CheckConstraint(condition=Q(score__range=(0, 1)), name="peer_try_score_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.score}"


class PeerBlend(TenantModel):
    """How a ``mark`` was mixed: what was ``given`` by who marks, what ``peers`` found, and what the person's own ``reviewing`` is
    worth (all 0 to 1), with the shares that held then (in %). Added with the mark, never changed.
    """

    mark = TenantKey("handins.Mark", models.CASCADE)
    round = TenantKey("handins.Round", models.CASCADE)
    person = PersonKey(db_index=False)
    given = models.FloatField(_("given"))
    peers = models.FloatField(_("by peers"), null=True, blank=True)
    reviewing = models.FloatField(_("for reviewing"), null=True, blank=True)
    share = models.PositiveSmallIntegerField(_("share of peers"))
    quality = models.PositiveSmallIntegerField(_("share of reviewing"))

    class Meta:
        verbose_name = _("mark mixed with that of peers")
        verbose_name_plural = _("marks mixed with those of peers")
        constraints = [
            models.UniqueConstraint(fields=["environment", "mark"], name="peer_blend_once_per_mark"),
            models.CheckConstraint(
                condition=Q(given__range=(0, 1))
                & (Q(peers=None) | Q(peers__range=(0, 1)))
                & (Q(reviewing=None) | Q(reviewing__range=(0, 1))),
                name="peer_blend_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mark_id}"

    @property
    def given_percent(self) -> int:
        return int(self.given * 100 + 1e-6)

    @property
    def peers_percent(self) -> int:
        return int((self.peers or 0.0) * 100 + 1e-6)

    @property
    def reviewing_percent(self) -> int:
        return int((self.reviewing or 0.0) * 100 + 1e-6)

    @property
    def own(self) -> int:
        """The share of who marks, in %."""
        return 100 - self.share - self.quality
