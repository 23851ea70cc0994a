"""What is asked: the discussion as an element, readable wherever it is lent."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ContentModel

MOST_ASKED = 20


class Discussion(ContentModel):
    """A prompt that people talk about. ``html`` is the cleaned ``markdown``.

    It is done with ``threads_asked`` threads and ``replies_asked`` replies of one's own. With ``posts_first`` learners see
    what others wrote once they have begun a thread themselves.
    """

    markdown = models.TextField(_("what it is about"))
    html = models.TextField(editable=False)
    threads_asked = models.PositiveSmallIntegerField(_("threads to begin"), default=1)
    replies_asked = models.PositiveSmallIntegerField(_("replies to write"), default=0)
    posts_first = models.BooleanField(_("others are seen after posting oneself"), default=False)

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "element"], name="discussion_once_per_element"),
            models.CheckConstraint(
                condition=Q(threads_asked__lte=MOST_ASKED, replies_asked__lte=MOST_ASKED),
                name="discussion_asks_not_too_much",
            ),
            models.CheckConstraint(
                condition=Q(threads_asked__gte=1) | Q(replies_asked__gte=1), name="discussion_asks_something"
            ),
            models.CheckConstraint(
                condition=Q(posts_first=False) | Q(threads_asked__gte=1), name="discussion_first_is_asked"
            ),
        ]

    def __str__(self) -> str:
        return str(self.element_id)

    @property
    def audit_name(self) -> str:
        return str(self.element)
