"""Pages: text worth reading, every text they have had, and their pictures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, PersonKey, TenantKey


class Page(ContentModel):
    """A page of Markdown; ``html`` is the cleaned result, made when it is saved. ``revision`` counts the savings."""

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="pages")
    markdown = models.TextField(_("text"))
    html = models.TextField(editable=False)
    revision = models.PositiveIntegerField(_("version"), default=1)
    embeddable = models.BooleanField(_("may be shown on other sites"), default=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="page_once_per_element")]

    def __str__(self) -> str:
        return str(self.element)


class PageVersion(ContentModel):
    """What a page said at one time, and who saved it so (None: before versions were kept, or by the platform)."""

    page = TenantKey("content.Page", models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    markdown = models.TextField(_("text"))
    person = PersonKey(null=True, blank=True, verbose_name=_("saved by"))
    restored = models.PositiveIntegerField(_("brought back from version"), null=True, blank=True)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("page version")
        verbose_name_plural = _("page versions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "page", "number"], name="page_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Image(ContentModel):
    """A picture of a page, drawn anew as WebP and named in its text as ``attachment:<sha256>``."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=250)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(upload_to="images/", max_length=200)

    class Meta:
        verbose_name = _("picture of a page")
        verbose_name_plural = _("pictures of pages")
        constraints = [models.UniqueConstraint(fields=["environment", "element", "sha256"], name="image_once")]

    def __str__(self) -> str:
        return self.name
