"""Question banks and assessments (content), attempts and answers (private)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.question_types.registry import question_type_choices
from ecosystem.models import ContentModel, ElementKey, PartKey, PersonKey, TenantKey, TenantModel

__all__ = [
    "Analysis",
    "Answer",
    "AnswerAside",
    "Aside",
    "Assessment",
    "AssessmentQuestion",
    "Attempt",
    "Deadline",
    "Draw",
    "ItemFigures",
    "Mark",
    "Mode",
    "Objective",
    "Override",
    "Picture",
    "Question",
    "QuestionVersion",
    "Result",
    "Rubric",
    "Section",
    "Step",
    "SurveyAnswer",
]


class Objective(ContentModel):
    """What somebody can do afterwards; the thing that is remembered. ``element`` is its bank."""

    slug = models.SlugField(max_length=100)
    text = models.CharField(_("can-do sentence"), max_length=300)

    class Meta:
        verbose_name = _("learning objective")
        verbose_name_plural = _("learning objectives")
        constraints = [models.UniqueConstraint(fields=["environment", "element", "slug"], name="objective_once")]

    def __str__(self) -> str:
        return self.text


class Difficulty(models.IntegerChoices):
    """How hard its author thinks a question is."""

    VERY_EASY = 1, _("very easy")
    EASY = 2, _("easy")
    MEDIUM = 3, _("medium")
    HARD = 4, _("hard")
    VERY_HARD = 5, _("very hard")


class Question(ContentModel):
    """A question of a bank (``element``), known by its identifier; what is asked is its newest version.

    ``type``, ``text`` (plain words of the stem) and ``newest`` (its number) repeat the newest version, so that a bank of
    20 000 questions can be searched; ``services.banks`` keeps them. Tags are in the order of the alphabet.
    """

    identifier = models.CharField(_("identifier"), max_length=270)
    objective = TenantKey("assessments.Objective", models.SET_NULL, null=True, blank=True, related_name="questions")
    source = ElementKey(null=True, blank=True, verbose_name=_("page it comes from"))
    name = models.CharField(_("name"), max_length=250, blank=True)
    category = models.TextField(_("category"), blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    type = models.CharField(_("type"), max_length=20, choices=question_type_choices, blank=True)
    text = models.TextField(_("question"), blank=True)
    newest = models.PositiveIntegerField(_("version"), default=0)
    tags = ArrayField(models.CharField(max_length=100), default=list, blank=True, verbose_name=_("tags"))
    difficulty = models.PositiveSmallIntegerField(_("difficulty"), choices=Difficulty.choices, null=True, blank=True)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element", "identifier"], name="question_once_per_bank"),
            models.CheckConstraint(
                condition=models.Q(difficulty=None) | models.Q(difficulty__range=(1, 5)), name="question_difficulty"
            ),
        ]
        indexes = [
            GinIndex(fields=["tags"], name="question_tags"),
            models.Index(fields=["element", "category", "id"], name="question_by_bank"),
        ]

    def __str__(self) -> str:
        return self.name or self.identifier


class QuestionVersion(ContentModel):
    """What was asked, word for word; never changed once it exists. ``body`` belongs to the question type.

    ``hints`` are clean HTML, shown one after the other to who asks. The name of its author is kept as it was.
    """

    question = TenantKey("assessments.Question", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    type = models.CharField(_("type"), max_length=20, choices=question_type_choices)
    stem = models.TextField(_("question"))
    body = models.JSONField()
    feedback = models.TextField(_("why"), blank=True)
    points = models.PositiveSmallIntegerField(_("points"), default=1)
    hints = models.JSONField(_("hints"), default=list, blank=True)
    author = PersonKey(null=True, blank=True, verbose_name=_("author"))
    author_name = models.CharField(_("author"), max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "question", "number"], name="question_version_once"),
            models.CheckConstraint(condition=models.Q(points__gte=1), name="question_version_has_points"),
        ]

    def __str__(self) -> str:
        return f"{self.question} v{self.number}"


class Picture(ContentModel):
    """A picture, sound or film of a bank, named in texts as ``attachment:<sha256>``."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=250)
    media_type = models.CharField(max_length=40)
    file = models.FileField(upload_to="pictures/", max_length=200)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element", "sha256"], name="picture_once_per_bank")
        ]

    def __str__(self) -> str:
        return self.name


class Mode(models.TextChoices):
    QUIZ = "quiz", _("Quiz: everybody is asked the same way")
    SURVEY = "survey", _("Survey: nobody can see who answered what")


class Assessment(ContentModel):
    """A quiz or test. ``attempts_allowed``, ``minutes_allowed`` and ``wait_minutes`` 0 are no limit; ``pass_mark`` a share.

    ``review``: what is shown when, {moment: [things]} (``assessments.showing``). ``closes_at`` also ends running tries.
    """

    # A new environment sets a password of its own.
    never_copied = ("password_hash",)

    mode = models.CharField(_("kind"), max_length=10, choices=Mode, default=Mode.QUIZ)
    pass_mark = models.FloatField(_("pass mark"), default=0.7)
    attempts_allowed = models.PositiveSmallIntegerField(_("attempts allowed"), default=0)
    wait_minutes = models.PositiveIntegerField(_("minutes between attempts"), default=0)
    minutes_allowed = models.PositiveSmallIntegerField(_("minutes for an attempt"), default=0)
    grace_seconds = models.PositiveSmallIntegerField(_("seconds of grace"), default=30)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    shuffle_questions = models.BooleanField(_("questions in another order each time"), default=False)
    shuffle_choices = models.BooleanField(_("answers in another order each time"), default=True)
    even_exposure = models.BooleanField(_("spread the drawn questions evenly"), default=True)
    forward_only = models.BooleanField(_("only forward"), default=False)
    password_hash = models.CharField(max_length=200, blank=True)
    review = models.JSONField(default=dict, blank=True)
    people_mark = models.BooleanField(_("long texts and files count, marked by people"), default=False)
    second_marker = models.BooleanField(_("two markers"), default=False)
    anonymous_marking = models.BooleanField(_("markers see no names"), default=False)
    minimum_group = models.PositiveSmallIntegerField(_("smallest group shown"), default=5)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="assessment_once_per_element"),
            models.CheckConstraint(condition=models.Q(pass_mark__range=(0, 1)), name="assessment_pass_mark_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(opens_at=None)
                | models.Q(closes_at=None)
                | models.Q(opens_at__lt=models.F("closes_at")),
                name="assessment_opens_before_it_closes",
            ),
            models.CheckConstraint(condition=models.Q(minimum_group__gte=3), name="assessment_group_hides_people"),
        ]

    def __str__(self) -> str:
        return str(self.element)

    @property
    def pass_percent(self) -> int:
        return round(self.pass_mark * 100)

    @property
    def is_survey(self) -> bool:
        return self.mode == Mode.SURVEY


class Section(ContentModel):
    """A part of an assessment with a heading and a text of its own."""

    assessment = TenantKey("assessments.Assessment", models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "position"], name="section_position_once")
        ]

    def __str__(self) -> str:
        return self.title


class AssessmentQuestion(ContentModel):
    """A question asked in an assessment (``element``), drawn from the bank of the same environment."""

    assessment = TenantKey("assessments.Assessment", models.CASCADE, related_name="questions")
    question = TenantKey("assessments.Question")
    section = TenantKey("assessments.Section", models.SET_NULL, null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "question"], name="assessment_question_once"),
            models.UniqueConstraint(
                fields=["environment", "assessment", "position"], name="assessment_question_position_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.question_id}"


class Draw(ContentModel):
    """So many questions drawn anew for each attempt: of a bank and, where named, of a category, objective, tag, difficulty."""

    assessment = TenantKey("assessments.Assessment", models.CASCADE, related_name="draws")
    section = TenantKey("assessments.Section", models.SET_NULL, null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField(_("how many"))
    bank = TenantKey("ecosystem.Element")
    category = models.CharField(_("category begins with"), max_length=250, blank=True)
    objective = TenantKey("assessments.Objective", models.SET_NULL, null=True, blank=True)
    tag = models.CharField(_("tag"), max_length=60, blank=True)
    easiest = models.FloatField(_("difficulty from"), null=True, blank=True)
    hardest = models.FloatField(_("difficulty to"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("random draw")
        verbose_name_plural = _("random draws")
        constraints = [
            models.UniqueConstraint(fields=["environment", "assessment", "position"], name="draw_position_once"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="draw_takes_some"),
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.bank_id}"


class Attempt(TenantModel):
    """One try of a person. At most one is open; numbers have no gaps and no twins.

    ``deadline_at`` is the server's, with extra time in it and without the grace. ``reached`` is the last question opened,
    which counts where one can only go forward. ``waiting`` answers wait for a marker; until then there is no score.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey()
    assessment = PartKey("assessments.Assessment")
    number = models.PositiveIntegerField(_("attempt"))
    onward = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True)
    deadline_at = models.DateTimeField(_("must be finished by"), null=True)
    reached = models.PositiveSmallIntegerField(default=1, db_default=1)
    waiting = models.PositiveSmallIntegerField(_("answers to be marked"), default=0, db_default=0)
    score = models.FloatField(_("score"), null=True)
    passed = models.BooleanField(_("passed"), null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        indexes = [
            models.Index(fields=["environment", "element", "-id"], name="attempts_newest_of_element"),
            models.Index(fields=["environment"], name="attempts_to_mark", condition=models.Q(waiting__gt=0)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="attempt_uid_once"),
            models.UniqueConstraint(fields=["environment", "person", "element", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["environment", "person", "element"],
                condition=models.Q(finished_at=None),
                name="attempt_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at=None, score=None)
                | models.Q(finished_at__isnull=False, waiting=0, score__isnull=False)
                | models.Q(finished_at__isnull=False, waiting__gt=0, score=None),
                name="attempt_scored_when_finished",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(0, 1)), name="attempt_score_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} #{self.number}"

    @property
    def percent(self) -> int:
        """Rounded down, so that 69.6 does not look like the 70 that was asked for."""
        return int((self.score or 0) * 100 + 1e-6)

    @property
    def percent_text(self) -> str:
        return f"{self.percent}%"


class Answer(TenantModel):
    """One question of an attempt: the version asked, the order shown, and the answer as last saved.

    ``revision`` counts the saves, ``client`` is the browser page of the last one, ``seen`` the newest count of each page,
    [[client, seq], ...]. ``seconds`` is how long the question was looked at, as the browser says. ``fraction`` is the newest mark. ``settled_at``: the person has
    looked whether it is right, so it stays.
    """

    attempt = TenantKey("assessments.Attempt", models.CASCADE, related_name="answers")
    person = PersonKey(db_index=False)
    bank = ElementKey(db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id")
    position = models.PositiveSmallIntegerField()
    order = models.JSONField(null=True)
    response = models.JSONField(null=True)
    flagged = models.BooleanField(default=False)
    saved_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    client = models.CharField(max_length=36, blank=True, default="")
    seen = models.JSONField(default=list)
    seconds = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)
    section = models.CharField(max_length=200, blank=True, default="")
    fraction = models.DecimalField(max_digits=6, decimal_places=5, null=True)

    class Meta:
        ordering = ["position"]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["environment", "attempt", "position"], name="answer_position_once"),
            models.CheckConstraint(
                condition=models.Q(fraction__isnull=True) | models.Q(fraction__range=(-1, 1)),
                name="answer_fraction_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


from assessments.attempt_models import (  # noqa: E402 -- its models point at the ones above
    Analysis,
    AnswerAside,
    Aside,
    Deadline,
    ItemFigures,
    Mark,
    Override,
    Result,
    Rubric,
    Step,
    SurveyAnswer,
)
from assessments.bank_models import AnswerFile  # noqa: E402, F401 -- they point at the models above
