"""Peer review: who looks at whose work, what they found, and when. The teacher's mark stays apart from it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem import clock
from ecosystem.models import ContentModel, ElementKey, PartKey, PersonKey, TenantKey, TenantModel


class PeerPlan(ContentModel):
    """How the work for an assignment is reviewed by those who hand it in, from ``opens_at`` until ``closes_at``.

    ``share`` of the mark (in %) comes from what peers found, ``quality`` from how good somebody's own reviews are; with 0 both
    are feedback only. ``near``: how far (in points) a try of a sample may be from the teacher's mark.
    """

    system = True

    assignment = TenantKey("handins.Assignment", models.CASCADE)
    is_on = models.BooleanField(_("peers review it"), default=False)
    each = models.PositiveSmallIntegerField(_("reviews each"), default=3)
    opens_at = models.DateTimeField(_("reviewing opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("reviewing closes"), null=True, blank=True)
    is_anonymous = models.BooleanField(_("without names"), default=True)
    at_once = models.BooleanField(_("seen at once"), default=False)
    share = models.PositiveSmallIntegerField(_("share of the mark from peers (%)"), default=0)
    quality = models.PositiveSmallIntegerField(_("share of the mark for reviewing (%)"), default=0)
    near = models.PositiveSmallIntegerField(_("near enough (points)"), default=20)

    class Meta:
        verbose_name = _("plan of a peer review")
        verbose_name_plural = _("plans of peer reviews")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="peer_plan_once_per_assignment"),
            models.CheckConstraint(condition=Q(each__range=(1, 10)), name="peer_plan_each_in_range"),
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="peer_plan_has_dates",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(opens_at__lt=F("closes_at")),
                name="peer_plan_opens_before_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(share__lte=100, quality__lte=50) & Q(share__lte=100 - F("quality")),
                name="peer_plan_shares_in_range",
            ),
            models.CheckConstraint(condition=Q(near__lte=100), name="peer_plan_near_in_range"),
        ]

    def __str__(self) -> str:
        return str(self.element_id)

    @property
    def has_begun(self) -> bool:
        return self.opens_at is not None and clock.now() >= self.opens_at

    @property
    def is_over(self) -> bool:
        return self.closes_at is not None and clock.now() >= self.closes_at

    @property
    def counts(self) -> bool:
        return self.share > 0 or self.quality > 0


class PeerPhase(TenantModel):
    """The peer review of an assignment in one environment. ``seed`` makes its allocation one that can be done again."""

    system = True

    element = ElementKey(verbose_name=_("assignment"), db_index=False)
    plan = PartKey("handins.PeerPlan")
    seed = models.BigIntegerField()
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase of a peer review")
        verbose_name_plural = _("phases of peer reviews")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="peer_phase_once_per_assignment")
        ]

    def __str__(self) -> str:
        return str(self.element_id)

    def pseudonym_of(self, person_id: int) -> str:
        """The same for a reviewer in the whole phase, and it says nothing about who they are or what they handed in."""
        drawn = salted_hmac(f"handins.reviewer:{self.seed}", str(person_id), algorithm="sha256").hexdigest()
        return gettext("Reviewer %(n)s") % {"n": drawn[:5].upper()}


class PeerState(models.TextChoices):
    OPEN = "open", _("to do")
    DONE = "done", _("given")
    DROPPED = "dropped", _("not given")


class PeerReview(TenantModel):
    """What ``person`` says about the round of ``author``. ``place`` numbers what one person reviews, for pages without names.

    A draft until it is ``DONE``; ``DROPPED`` when the person takes no part any more. One that is ``excluded`` counts for nothing.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    phase = TenantKey("handins.PeerPhase", models.CASCADE)
    element = ElementKey(db_index=False, verbose_name=_("assignment"))
    round = TenantKey("handins.Round", models.CASCADE, related_name="peer_reviews")
    person = PersonKey(verbose_name=_("reviewer"))
    author = PersonKey(db_index=False, verbose_name=_("whose work"))
    place = models.PositiveSmallIntegerField(_("place"))
    state = models.CharField(_("state"), max_length=10, choices=PeerState.choices, default=PeerState.OPEN)
    rubric = PartKey("handins.Rubric", null=True, blank=True)
    levels = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    strengths = models.TextField(_("what is good"), blank=True)
    advice = models.TextField(_("what to do next"), blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    allocated_at = models.DateTimeField(_("allocated at"))
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("given at"), null=True, blank=True)
    helpful = models.BooleanField(_("was helpful"), null=True, blank=True)
    flag = models.CharField(_("why it is reported"), max_length=500, blank=True)
    excluded = models.CharField(_("why it does not count"), max_length=300, blank=True)
    excluded_by = PersonKey(null=True, blank=True, db_index=False)

    class Meta:
        verbose_name = _("peer review")
        verbose_name_plural = _("peer reviews")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="peer_review_uid_once"),
            models.UniqueConstraint(fields=["environment", "round", "person"], name="peer_review_once_per_person"),
            models.UniqueConstraint(fields=["environment", "phase", "person", "place"], name="peer_review_place_once"),
            models.CheckConstraint(condition=~Q(person=F("author")), name="peer_review_by_another"),
            models.CheckConstraint(condition=Q(state__in=PeerState.values), name="peer_review_state_is_known"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1)), name="peer_review_score_in_range"),
            models.CheckConstraint(
                condition=Q(state="done", sent_at__isnull=False) | (~Q(state="done") & Q(sent_at=None)),
                name="peer_review_given_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.round_id}"

    @property
    def reviewer_called(self) -> str:
        """What whoever marks calls the reviewer. Nobody reviews their own work, so beside pseudonyms of works the names of
        reviewers would tell whose each is: where one is hidden, so is the other."""
        return self.phase.pseudonym_of(self.person_id) if self.round.hides_names else str(self.person.name)

    @property
    def percent(self) -> int | None:
        return None if self.score is None else int(self.score * 100 + 1e-6)
