"""What is handed in, in rounds, and what it was found worth."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, PersonKey, TenantKey, TenantModel
from handins.models.moderation import Picked


class Submission(TenantModel):
    """All that one person, or one ``team``, does for one assignment. ``score`` (0 to 1) and ``passed`` are those of the newest
    released mark. The rounds of a team are with that of the team; each member has one besides, for what they are worth.

    ``more_rounds`` were opened beyond what the assignment allows; ``is_open`` says that another is allowed after passing.
    ``pseudonym``: drawn by lot where the work is marked without names, the same in all rounds.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey(verbose_name=_("assignment"))
    assignment = PartKey("handins.Assignment")
    team = TenantKey("handins.Team", null=True, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    more_rounds = models.PositiveSmallIntegerField(_("more rounds"), default=0)
    is_open = models.BooleanField(_("opened again"), default=False)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    pseudonym = models.CharField(_("pseudonym"), max_length=16, blank=True, editable=False)

    class Meta:
        verbose_name = _("hand-in")
        verbose_name_plural = _("hand-ins")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="submission_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "element"], condition=Q(team=None), name="submission_once_per_person"
            ),
            models.UniqueConstraint(fields=["environment", "team"], name="submission_once_per_team"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1)), name="submission_score_in_range"),
            models.UniqueConstraint(
                fields=["environment", "element", "pseudonym"],
                condition=~Q(pseudonym=""),
                name="submission_pseudonym_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.element_id}"

    @property
    def audit_name(self) -> str:
        """Without the person: it may be marked without names."""
        return str(self.element)


class RoundState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("handed in")
    REVIEWING = "reviewing", _("being marked")
    MARKED = "marked", _("marking completed")
    CHECKING = "checking", _("marks in review")
    READY = "ready", _("ready for release")
    RETURNED = "returned", _("feedback given")

    @classmethod
    def waiting(cls) -> tuple["RoundState", ...]:
        """Those that wait for whoever marks."""
        return cls.SUBMITTED, cls.REVIEWING

    @classmethod
    def judged(cls) -> tuple["RoundState", ...]:
        """Those that have a mark which the learner does not see yet; whoever marks moves them to and fro."""
        return cls.MARKED, cls.CHECKING, cls.READY


def maker_called(*, pseudonym: str | None, team: str | None, name: str) -> str:
    """By the pseudonym where names are hidden, else by the name of the team or the person."""
    if pseudonym is not None:
        return gettext("Participant %(pseudonym)s") % {"pseudonym": pseudonym}
    return team or name


# In the index too, so that counting the first hundred of each assignment reads no row of the table.
LOOKED_AT = ["id", "person", "submission"]
OF_MARKER = [*LOOKED_AT, "element", "state"]


class Round(TenantModel):
    """One try of a hand-in. At most one is under way, and numbers have no twins. Taking it back makes it a draft again.

    ``declared`` is the honour statement as it was agreed to; ``marker`` is whom the marking was allocated to, ``second`` the
    other where two mark, ``reviewer`` whoever marked it. ``turn_at`` is its place in every list of whoever marks: when it was
    handed in, but only the day while it is marked without names (``services/turns.py``). ``awaits`` a moderator: why its newest
    mark is looked at, empty when none is or the verdict is there.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    submission = TenantKey("handins.Submission", models.CASCADE, related_name="rounds")
    person = PersonKey(db_index=False)
    element = ElementKey(verbose_name=_("assignment"))
    number = models.PositiveSmallIntegerField(_("round"))
    state = models.CharField(_("state"), max_length=10, choices=RoundState.choices, default=RoundState.DRAFT)
    text = models.TextField(_("text"), blank=True)
    link = models.URLField(_("address"), max_length=500, blank=True)
    declared = models.CharField(max_length=500, blank=True)
    saved_at = models.DateTimeField(_("saved at"))
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    turn_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_late = models.BooleanField(_("late"), default=False)
    marker = PersonKey(null=True, blank=True, db_index=False, verbose_name=_("allocated to"))
    second = PersonKey(null=True, blank=True, db_index=False, verbose_name=_("allocated to as the second"))
    reviewer = PersonKey(null=True, blank=True, verbose_name=_("reviewed by"))
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    awaits = models.CharField(
        _("why a moderator looks at it"), max_length=10, choices=Picked.choices, blank=True, editable=False
    )

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="round_uid_once"),
            models.UniqueConstraint(fields=["environment", "submission", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["environment", "submission"], condition=~Q(state="returned"), name="round_one_under_way"
            ),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None) | (~Q(state="draft") & Q(submitted_at__isnull=False)),
                name="round_handed_in_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="returned", released_at__isnull=False) | (~Q(state="returned") & Q(released_at=None)),
                name="round_returned_when_released",
            ),
            models.CheckConstraint(condition=Q(state__in=RoundState.values), name="round_state_is_known"),
            models.CheckConstraint(condition=Q(marker=None) | ~Q(marker=F("person")), name="round_marked_by_another"),
            models.CheckConstraint(
                condition=Q(second=None) | (~Q(second=F("person")) & (Q(marker=None) | ~Q(second=F("marker")))),
                name="round_second_is_another",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, turn_at=None)
                | Q(submitted_at__isnull=False, turn_at__isnull=False, turn_at__lte=F("submitted_at")),
                name="round_handed_in_has_a_turn",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(turn_at=F("submitted_at")), name="round_returned_in_turn"
            ),
            models.CheckConstraint(
                condition=Q(awaits="")
                | Q(awaits__in=Picked.values) & ~Q(state__in=["draft", "submitted", "reviewing"]),
                name="round_awaits_with_a_mark",
            ),
        ]
        indexes = [
            models.Index(
                fields=["environment", "turn_at", "uid"],
                condition=Q(state__in=["submitted", "reviewing"]),
                name="round_queue",
            ),
            models.Index(fields=["environment", "element", "turn_at"], name="round_of_assignment"),
            models.Index(
                fields=["environment", "turn_at", "uid"],
                condition=Q(state__in=["marked", "checking", "ready"]),
                name="round_to_release",
            ),
            models.Index(
                fields=["environment", "marker", "turn_at", "uid"],
                condition=~Q(state__in=["draft", "returned"]),
                include=OF_MARKER,
                name="round_of_marker",
            ),
            # The first hundred of each assignment are counted, and what is for nobody yet is a list of its own.
            models.Index(
                fields=["environment", "element", "turn_at", "uid"],
                condition=Q(state__in=["submitted", "reviewing"]),
                include=LOOKED_AT,
                name="round_queue_of",
            ),
            models.Index(
                fields=["environment", "element"],
                condition=Q(state__in=["marked", "checking", "ready"]),
                include=LOOKED_AT,
                name="round_judged_of",
            ),
            models.Index(
                fields=["environment", "turn_at", "uid"],
                condition=Q(marker=None, state__in=["submitted", "reviewing"]),
                name="round_unallocated",
            ),
            models.Index(
                fields=["environment", "element", "turn_at", "uid"],
                condition=Q(marker=None, state__in=["submitted", "reviewing"]),
                include=LOOKED_AT,
                name="round_unallocated_of",
            ),
            models.Index(
                fields=["environment", "turn_at", "uid"], condition=Q(state="returned"), name="round_returned"
            ),
            models.Index(
                fields=["environment", "second", "turn_at", "uid"],
                condition=Q(second__isnull=False) & ~Q(state__in=["draft", "returned"]),
                include=OF_MARKER,
                name="round_of_second",
            ),
            models.Index(fields=["environment", "turn_at", "uid"], condition=~Q(awaits=""), name="round_to_moderate"),
            models.Index(
                fields=["environment", "element", "turn_at", "uid"],
                condition=~Q(awaits=""),
                include=[*LOOKED_AT, "awaits"],
                name="round_to_moderate_of",
            ),
        ]

    @property
    def is_judged(self) -> bool:
        """It has a mark which the learner does not see yet."""
        return self.state in RoundState.judged()

    @property
    def hides_names(self) -> bool:
        """As the query found for whoever asks (handins/anonymity.py); where nobody has asked, names stay hidden."""
        found: bool = getattr(self, "is_hidden", self.submission.assignment.is_anonymous)
        return found

    @property
    def called(self) -> str:
        """What whoever marks calls its maker, or their team."""
        submission = self.submission
        if self.hides_names:
            return maker_called(pseudonym=submission.pseudonym, team=None, name="")
        team = submission.team.name if submission.team_id is not None else None
        return maker_called(pseudonym=None, team=team, name="" if team else self.person.name)

    def __str__(self) -> str:
        return f"{str(self.uid)[:8]} #{self.number}"  # it stands in the log, which must not name who made it


class KeptFile(TenantModel):
    """What every file here has; its type is what its content says."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    name = models.CharField(_("file"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    file = models.FileField(upload_to="handins/", max_length=200)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.name)


class HandinFile(KeptFile):
    """A file of a round."""

    round = TenantKey("handins.Round", models.CASCADE, related_name="files")
    person = PersonKey()

    class Meta:
        verbose_name = _("file of a hand-in")
        verbose_name_plural = _("files of hand-ins")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="handin_file_uid_once")]

    def get_absolute_url(self) -> str:
        return f"/handins/files/{self.uid}/"


class FeedbackFile(KeptFile):
    """What the reviewer says in a recording, or writes into a file. The learner (``person``) has it once it is released."""

    round = TenantKey("handins.Round", models.CASCADE, related_name="feedback_files")
    person = PersonKey()
    by = PersonKey(null=True, blank=True)

    class Meta:
        verbose_name = _("file of a feedback")
        verbose_name_plural = _("files of feedback")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="feedback_file_uid_once")]

    def get_absolute_url(self) -> str:
        return f"/handins/feedback/{self.uid}/"


class Mark(TenantModel):
    """What somebody found a round worth. Rows are added, never changed; the newest counts once the round is released.

    ``levels`` and ``comments`` are by the place of the criterion; ``because`` says why a released mark was corrected.
    ``late_points``: percentage points that are missing in the score because the work came late.
    """

    round = TenantKey("handins.Round", related_name="marks")
    person = PersonKey(db_index=False)
    element = ElementKey(db_index=False)
    rubric = PartKey("handins.Rubric", null=True, blank=True)
    levels = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    comment = models.TextField(_("comment"), blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    passed = models.BooleanField(_("passed"))
    late_points = models.PositiveSmallIntegerField(_("points off for being late"), default=0)
    because = models.CharField(_("why it was corrected"), max_length=300, blank=True)
    by = PersonKey(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("mark of a hand-in")
        verbose_name_plural = _("marks of hand-ins")
        constraints = [
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0, 1)), name="handin_mark_in_range"),
            models.CheckConstraint(condition=Q(late_points__lte=100), name="handin_mark_late_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.round_id}: {self.score}"

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
        return None if self.score is None else int(self.score * 100 + 1e-6)
