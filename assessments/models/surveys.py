"""Answers to surveys, which name nobody."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PartKey, TenantModel


class SurveyAnswer(TenantModel):
    """An answer to a survey, which names nobody: no person, no attempt, no moment, and a key without order.

    Shown only once ``released``, with at least as many others as the survey asks for; the release writes the rows anew
    together, so their place on disk tells nothing either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    element = ElementKey()
    bank = ElementKey(db_index=False)
    version = PartKey("assessments.QuestionVersion", element_column="bank_id")
    response = models.JSONField(null=True)
    released = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")

    def __str__(self) -> str:
        return f"{self.version_id}"
