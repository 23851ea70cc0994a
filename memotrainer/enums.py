"""Names that other apps see, and kinds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

REMINDER = "memo-reminder"  # kind of the daily notice, stoppable by mail
ASKING = "memo-asking"  # kind of the one question after reminders that nobody answered

IGNORED_AT_MOST = 3  # reminders without an answer; after them one question whether to go on, then silence


class ReviewKind(models.TextChoices):
    FIRST = "first", _("first answer")
    REVIEW = "review", _("review")
    EXTRA = "extra", _("extra practice")


class FitScope(models.TextChoices):
    ENVIRONMENT = "environment", _("everybody here")
    COURSE = "course", _("a course")
    PERSON = "person", _("a person")


class Mode(models.TextChoices):
    MAINTAIN = "maintain", _("Keep knowledge")
    TEST = "test", _("Prepare for a test")
    STREAK = "streak", _("Right answers in a row")
