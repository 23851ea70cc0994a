"""Links to pages elsewhere, and whether they still lead there."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel, TenantKey
from ecosystem.outbound import looking

# What the look names when there was no answer, in words.
WHY = {
    looking.NO_HOST: _("There is no host of this name."),
    looking.UNSAFE: _("It leads to where nobody may look from here."),
    looking.LATE: _("No answer in time."),
    looking.ON_AND_ON: _("It leads on and on."),
    looking.CERTIFICATE: _("Its certificate is not in order."),
    looking.NO_ANSWER: _("Nobody answers there."),
    looking.UNREADABLE: _("What it answers cannot be read."),
}


class LinkState(models.TextChoices):
    UNKNOWN = "unknown", _("not looked at yet")
    FINE = "fine", _("works")
    UNSURE = "unsure", _("did not answer, is asked again")
    BROKEN = "broken", _("broken")


class Link(ContentModel):
    """How the address of an element (``Element.url``) was found, and when somebody looks again."""

    system = True

    element = TenantKey("ecosystem.Element", models.CASCADE, related_name="links")
    state = models.CharField(_("state"), max_length=8, choices=LinkState.choices, default=LinkState.UNKNOWN)
    status = models.PositiveSmallIntegerField(_("answer"), default=0)
    error = models.CharField(_("what was wrong"), max_length=300, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    checked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    due_at = models.DateTimeField(_("next look"))

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [models.UniqueConstraint(fields=["environment", "element"], name="link_once_per_element")]
        indexes = [models.Index(fields=["due_at"], name="link_due")]

    def __str__(self) -> str:
        return f"{self.element_id} {self.state}"

    @property
    def why(self) -> str:
        """What was wrong at the last look, in the language of the reader; empty when there was an answer."""
        return str(WHY.get(self.error, WHY[looking.NO_ANSWER])) if self.error else ""
