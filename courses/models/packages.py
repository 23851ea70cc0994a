"""Which courses came from a package, so that bringing in the same one again is noticed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantModel


class CourseImport(TenantModel):
    """A course that came from a package. ``origin`` is its uid there, ``digest`` the sha256 of the package's manifest."""

    loose = True

    element = ElementKey(on_delete=models.CASCADE, verbose_name=_("course"))
    origin = models.UUIDField()
    digest = models.CharField(max_length=64)
    by = PersonKey(verbose_name=_("brought in by"))
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("imported course")
        verbose_name_plural = _("imported courses")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="course_import_once")]
        indexes = [models.Index(fields=["environment", "origin"], name="course_import_by_origin")]

    def __str__(self) -> str:
        return f"{self.element_id} from {self.origin}"
