from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantModel


class Notice(TenantModel):
    """Something a person should know, once. ``key`` names the effect: telling it twice is telling it once.

    ``in_app`` is off for those who do not want this kind on the site; the row still holds the key.
    ``for_digest`` is on while it waits for the person's next digest.
    """

    person = PersonKey(db_index=False)
    key = models.CharField(max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    href = models.CharField(_("address"), max_length=300, blank=True)
    in_app = models.BooleanField(_("shown on the site"), default=True)
    for_digest = models.BooleanField(_("waits for the digest"), default=False)
    created_at = models.DateTimeField(_("when"))
    seen_at = models.DateTimeField(_("seen at"), null=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [models.UniqueConstraint(fields=["environment", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["environment", "person", "-created_at", "-id"], name="notice_of_person"),
            models.Index(
                fields=["environment", "person", "-created_at", "-id"],
                condition=models.Q(seen_at=None, in_app=True),
                name="notice_unseen",
            ),
            models.Index(
                fields=["environment", "person"], condition=models.Q(for_digest=True), name="notice_for_digest"
            ),
            models.Index(
                fields=["environment", "seen_at"], condition=models.Q(seen_at__isnull=False), name="notice_to_prune"
            ),
        ]

    def __str__(self) -> str:
        return self.title
