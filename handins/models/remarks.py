"""What a reviewer says about one place of the work, and the pages of PDFs as they are shown for that."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import PersonKey, TenantKey, TenantModel


class HandinPage(TenantModel):
    """A page of a handed-in PDF as a picture, made when whoever marks first looks at it. ``pages``: how many the file has."""

    file = TenantKey("handins.HandinFile", models.CASCADE, related_name="pages")
    person = PersonKey()
    number = models.PositiveSmallIntegerField(_("page"))
    pages = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    picture = models.FileField(upload_to="handins/", max_length=200)

    class Meta:
        verbose_name = _("page of a hand-in")
        verbose_name_plural = _("pages of hand-ins")
        constraints = [
            models.UniqueConstraint(fields=["environment", "file", "number"], name="handin_page_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=F("pages"), width__gte=1, height__gte=1),
                name="handin_page_is_in_the_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"

    def get_absolute_url(self) -> str:
        return f"/handins/files/{self.file.uid}/{self.number}/"


class Remark(TenantModel):
    """About words of the text (``quote``, from ``start`` on), or about a page of a file, at ``x`` and ``y`` of it: shares of
    its width and height. The learner is ``person``."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    round = TenantKey("handins.Round", models.CASCADE, related_name="remarks")
    person = PersonKey()
    by = PersonKey(null=True, blank=True)
    file = TenantKey("handins.HandinFile", models.CASCADE, null=True, blank=True)
    page = models.PositiveSmallIntegerField(_("page"), null=True, blank=True)
    x = models.FloatField(_("from the left"), null=True, blank=True)
    y = models.FloatField(_("from the top"), null=True, blank=True)
    start = models.PositiveIntegerField(_("where it begins"), null=True, blank=True)
    quote = models.TextField(_("quoted words"), blank=True)
    words = models.TextField(_("remark"))
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="remark_uid_once"),
            models.CheckConstraint(
                condition=(Q(file=None, page=None, start__isnull=False) & ~Q(quote=""))
                | Q(file__isnull=False, page__gte=1, start=None, quote=""),
                name="remark_is_about_one_place",
            ),
            models.CheckConstraint(
                condition=Q(x=None, y=None) | Q(file__isnull=False, x__range=(0, 1), y__range=(0, 1)),
                name="remark_is_on_the_page",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:40]
