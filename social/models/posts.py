"""What people write: rooms with threads of posts. Private rows, which stay in their environment."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ecosystem.models import ElementKey, PersonKey, TenantKey, TenantModel

EDIT_FOR = timedelta(minutes=30)
LONGEST_TITLE, LONGEST_TEXT, LONGEST_REASON = 150, 5000, 500


class Room(TenantModel):
    """Where a circle (``ecosystem.circles``), such as the people of one run, talks about an element; made with the first post.

    ``circle`` is the uid of what makes the circle: social knows no courses.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    element = ElementKey(verbose_name=_("discussion"))
    circle = models.UUIDField(_("for whom"))

    class Meta:
        verbose_name = _("room of a discussion")
        verbose_name_plural = _("rooms of discussions")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="room_uid_once"),
            models.UniqueConstraint(fields=["environment", "element", "circle"], name="room_once_per_circle"),
        ]

    def __str__(self) -> str:
        return f"{self.element_id} {self.circle}"


class Thread(TenantModel):
    """A post that opens it, and the replies. ``replies`` counts those that stand; ``last_at`` is when one was last written."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    room = TenantKey("social.Room", models.CASCADE, related_name="threads")
    element = ElementKey(verbose_name=_("discussion"))
    person = PersonKey(verbose_name=_("begun by"))
    last_at = models.DateTimeField(_("last written in at"))
    replies = models.PositiveIntegerField(_("replies"), default=0)
    pinned_at = models.DateTimeField(_("pinned at"), null=True, blank=True)

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        constraints = [models.UniqueConstraint(fields=["environment", "uid"], name="thread_uid_once")]
        indexes = [models.Index(fields=["environment", "room", "-last_at", "-uid"], name="thread_newest")]

    def __str__(self) -> str:
        return str(self.uid)


class Post(TenantModel):
    """One person's words in a thread, as plain text. One that was withdrawn or erased has none any more; a hidden one keeps
    them for its author and for who guides the circle."""

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    thread = TenantKey("social.Thread", models.CASCADE, related_name="posts")
    element = ElementKey(verbose_name=_("discussion"))
    person = PersonKey(verbose_name=_("written by"))
    is_opening = models.BooleanField(_("opens the thread"), default=False)
    title = models.CharField(_("title"), max_length=LONGEST_TITLE, blank=True)
    text = models.TextField(_("text"), blank=True)
    posted_at = models.DateTimeField(_("posted at"))
    edited_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_by = PersonKey(null=True, blank=True, verbose_name=_("hidden by"))
    hidden_why = models.CharField(_("why it is hidden"), max_length=LONGEST_REASON, blank=True)
    helpful_at = models.DateTimeField(_("marked as helpful at"), null=True, blank=True)
    is_erased = models.BooleanField(_("of a former member"), default=False)

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.UniqueConstraint(fields=["environment", "uid"], name="post_uid_once"),
            models.UniqueConstraint(
                fields=["environment", "thread"], condition=Q(is_opening=True), name="post_opens_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, is_erased=False) ^ Q(title="", text=""),
                name="post_has_words_while_it_stands",
            ),
            models.CheckConstraint(condition=Q(title="") | Q(is_opening=True), name="post_title_of_the_opening"),
            models.CheckConstraint(
                condition=Q(hidden_at=None, hidden_by=None, hidden_why="")
                | (Q(hidden_at__isnull=False, hidden_by__isnull=False) & ~Q(hidden_why="")),
                name="post_hidden_by_somebody_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(helpful_at=None) | Q(is_opening=False), name="post_helpful_is_a_reply"),
            models.CheckConstraint(
                condition=Q(edited_at=None) | Q(edited_at__gte=F("posted_at")), name="post_edited_after_posting"
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "thread", "posted_at", "uid"], name="post_in_turn"),
            models.Index(fields=["environment", "person", "element"], name="post_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def audit_name(self) -> str:
        return str(self.element)

    @property
    def stands(self) -> bool:
        """Counts, and may be answered."""
        return self.withdrawn_at is None and self.hidden_at is None and not self.is_erased

    def is_editable(self, at: datetime) -> bool:
        return self.stands and at <= self.posted_at + EDIT_FOR


class Participation(TenantModel):
    """What a person has to do with a discussion, wherever they met it: whether it is done. Held while they write."""

    element = ElementKey(verbose_name=_("discussion"))
    person = PersonKey()
    completed_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("part in a discussion")
        verbose_name_plural = _("parts in discussions")
        constraints = [models.UniqueConstraint(fields=["environment", "person", "element"], name="participation_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.element_id}"


class ThreadSeen(TenantModel):
    """Until when somebody has read a thread."""

    thread = TenantKey("social.Thread", models.CASCADE, related_name="seen")
    person = PersonKey()
    seen_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("thread read")
        verbose_name_plural = _("threads read")
        constraints = [models.UniqueConstraint(fields=["environment", "person", "thread"], name="thread_seen_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.thread_id}"
