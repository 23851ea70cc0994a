"""What somebody who marks says again and again."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel


class SavedComment(TenantModel):
    """Words of ``person`` to use again: their own, or shared with all who mark here or (``element``) one assignment."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    person = PersonKey()
    element = ElementKey(null=True, blank=True, verbose_name=_("assignment"))
    is_shared = models.BooleanField(_("shared"), default=False)
    words = models.CharField(_("comment"), max_length=2000)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("saved comment")
        verbose_name_plural = _("saved comments")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="saved_comment_uid_once"),
            models.CheckConstraint(condition=~Q(words=""), name="saved_comment_says_something"),
        ]
        indexes = [
            models.Index(fields=["environment", "-saved_at"], condition=Q(is_shared=True), name="saved_comment_shared")
        ]

    def __str__(self) -> str:
        return self.words[:40]
