"""Work that several people share: who is in which team, who had part in a round, and what one of them is worth apart from it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel


class Team(TenantModel):
    """People who hand in one work for an assignment. Formed from ``group``, whose new members come along, or by hand."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(verbose_name=_("assignment"))
    name = models.CharField(_("name"), max_length=80)
    group = TenantKey("ecosystem.Group", models.SET_NULL, null=True, blank=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="team_uid_once"),
            models.UniqueConstraint(
                "environment", "element", models.functions.Lower("name"), name="team_name_once_per_assignment"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    """Who is in a team now; in one team of an assignment at most."""

    team = TenantKey("handins.Team", models.CASCADE, related_name="members")
    element = ElementKey(db_index=False, verbose_name=_("assignment"))
    person = PersonKey()
    joined_at = models.DateTimeField(_("joined at"))

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of teams")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element", "person"], name="team_member_once_per_assignment")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class Share(TenantModel):
    """A person's part in a round of a team. It follows the team while the round is a draft, and stays as it is once that is
    handed in; then ``text`` and ``link`` are the person's own copy of what was. ``is_gone``: the person was erased.
    """

    round = TenantKey("handins.Round", models.CASCADE, related_name="shares")
    person = PersonKey()
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)
    text = models.TextField(_("text"), blank=True)
    link = models.URLField(_("address"), max_length=500, blank=True)
    is_gone = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("part in a round")
        verbose_name_plural = _("parts in rounds")
        constraints = [models.UniqueConstraint(fields=["environment", "round", "person"], name="share_once_per_round")]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.round_id}"


class TeamDeed(models.TextChoices):
    WROTE = "wrote", _("wrote")
    ADDED = "added", _("added a file")
    REMOVED = "removed", _("took a file away")
    AGREED = "agreed", _("agreed")
    SUBMITTED = "submitted", _("handed in")
    RETRACTED = "retracted", _("took it back")


class TeamAct(TenantModel):
    """Who did what in a round of a team: how often, and when last."""

    round = TenantKey("handins.Round", models.CASCADE, related_name="acts")
    person = PersonKey()
    deed = models.CharField(_("what"), max_length=10, choices=TeamDeed.choices)
    times = models.PositiveIntegerField(_("how often"), default=1)
    at = models.DateTimeField(_("when last"))

    class Meta:
        verbose_name = _("act in a team")
        verbose_name_plural = _("acts in teams")
        constraints = [
            models.UniqueConstraint(fields=["environment", "round", "person", "deed"], name="team_act_once_of_a_kind"),
            models.CheckConstraint(condition=Q(deed__in=TeamDeed.values), name="team_act_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.deed}"


class Adjustment(TenantModel):
    """What one member gets apart from the mark of the team. Rows are added, never changed; the newest of a round counts.

    ``points`` are percentage points more or less; ``passed`` is said where the assignment has no pass mark.
    """

    round = TenantKey("handins.Round", models.CASCADE, related_name="adjustments")
    person = PersonKey()
    points = models.SmallIntegerField(_("points more or less"), default=0)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    because = models.CharField(_("why"), max_length=300)
    by = PersonKey(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        constraints = [
            models.CheckConstraint(condition=Q(points__range=(-100, 100)), name="adjustment_in_range"),
            models.CheckConstraint(condition=~Q(because=""), name="adjustment_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.points:+d}"
