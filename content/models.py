"""Pages: text worth reading. Files, video and packages will be kinds beside it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, TenantKey


class Page(ContentModel):
    """A page of Markdown; ``html`` is the cleaned result, made when it is saved."""

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="pages")
    markdown = models.TextField(_("text"))
    html = models.TextField(editable=False)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="page_once_per_element")]

    def __str__(self) -> str:
        return str(self.element)
