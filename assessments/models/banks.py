"""Question banks: learning objectives, questions, their versions, pictures."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.question_types.registry import question_type_choices
from ecosystem.models import ContentModel, ElementKey, PersonKey, TenantKey


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
