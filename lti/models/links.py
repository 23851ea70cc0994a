"""The activity: which tool an element opens, where in it, and when one is done."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, TenantKey


class OpensIn(models.TextChoices):
    TAB = "tab", _("a new tab")
    FRAME = "frame", _("a frame on the page")


class DoneWhen(models.TextChoices):
    REPORTED = "reported", _("the tool says so, or sends a score")
    OPENED = "opened", _("it has been opened")


class ToolLink(ContentModel):
    """The resource link of an element, named ``uid`` to the tool, and its one line item.

    Without a ``tool`` (it came with a course package) it opens nothing; ``wanted`` is then the name of the tool it had.
    Without a ``pass_mark`` a score says only that somebody is done.
    """

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="tool_links")
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    tool = TenantKey("lti.Tool", null=True, blank=True, related_name="links", verbose_name=_("tool"))
    wanted = models.CharField(max_length=120, blank=True)
    target_url = models.URLField(_("target link address"), max_length=500, blank=True)
    custom = models.JSONField(_("custom parameters"), default=dict, blank=True)
    opens_in = models.CharField(_("opens in"), max_length=8, choices=OpensIn.choices, default=OpensIn.TAB)
    done_when = models.CharField(_("done when"), max_length=8, choices=DoneWhen.choices, default=DoneWhen.REPORTED)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark in percent"), null=True, blank=True)
    points = models.PositiveIntegerField(_("points"), default=100)

    class Meta:
        verbose_name = _("activity in an external tool")
        verbose_name_plural = _("activities in external tools")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="lti_link_once_per_element"),
            models.UniqueConstraint(fields=["environment", "uid"], name="lti_link_uid_once"),
            models.CheckConstraint(
                condition=Q(opens_in__in=OpensIn.values, done_when__in=DoneWhen.values), name="lti_link_words_are_known"
            ),
            models.CheckConstraint(
                condition=(Q(pass_mark=None) | Q(pass_mark__lte=100)) & Q(points__gte=1),
                name="lti_link_pass_mark_is_a_percentage",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def audit_name(self) -> str:
        return str(self.element)

    def is_passed(self, share: float) -> bool | None:
        """Whether this share of the points is enough; None where nothing is asked for."""
        return None if self.pass_mark is None else share * 100 >= self.pass_mark - 1e-6
