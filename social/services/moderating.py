"""What who guides a circle does with its posts: hide one for a reason, show it again, pin a thread, mark an answer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from social.access import circle_of_thread
from social.exceptions import SocialError
from social.models import Discussion, Participation, Post, Thread
from social.models.posts import LONGEST_REASON
from social.services.locking import post_held, replies_count, room_held, thread_held, words_kept
from social.services.progress import posts_changed
from social.services.telling import tell_of_hiding

MOST_PINNED = 3


@transaction.atomic
def post_hide(*, post: Post, why: str, by: Membership) -> Post:
    """Hide a post from everybody but its author, who is told why, and who guides. It counts no more. Twice is once.

    The reason stands with the post only: the audit log keeps for ever what it is told, and this is about a person.
    """
    _refuse_others(post.thread, by)
    part = _part_of(post)
    held = post_held(post=post)
    why = words_kept(text=why, most=LONGEST_REASON, empty=_("Say why, for who wrote it."))
    if held.hidden_at is not None:
        return held
    if not held.stands:
        raise SocialError(_("This post is gone already."))
    held.hidden_at, held.hidden_by, held.hidden_why, held.helpful_at = clock.now(), by.person, why, None
    held.save(update_fields=["hidden_at", "hidden_by", "hidden_why", "helpful_at"])
    replies_count(post=held, by=-1)
    audit(act="discussion.post_hidden", by=by.person, target=held, after={"post": str(held.uid)})
    if part is not None:
        posts_changed(discussion=Discussion.objects.get(element=held.element), part=part, is_learner=False)
    if held.person_id != by.person_id:
        tell_of_hiding(post=held)
    return held


@transaction.atomic
def post_show(*, post: Post, by: Membership) -> Post:
    """Show a hidden post again. Twice is once."""
    _refuse_others(post.thread, by)
    part = _part_of(post)
    held = post_held(post=post)
    if held.hidden_at is None:
        return held
    held.hidden_at, held.hidden_by, held.hidden_why = None, None, ""
    held.save(update_fields=["hidden_at", "hidden_by", "hidden_why"])
    if held.stands:
        replies_count(post=held, by=1)
    audit(act="discussion.post_shown", by=by.person, target=held, after={"post": str(held.uid)})
    if part is not None:
        learns = _learns(held)
        posts_changed(discussion=Discussion.objects.get(element=held.element), part=part, is_learner=learns)
    return held


@transaction.atomic
def thread_pin(*, thread: Thread, is_pinned: bool, by: Membership) -> Thread:
    """Put a thread above the others, or back in turn. Twice is once."""
    _refuse_others(thread, by)
    room_held(room_id=thread.room_id)
    held = thread_held(thread=thread)
    if (held.pinned_at is not None) == is_pinned:
        return held
    pinned = Thread.objects.filter(room_id=held.room_id, pinned_at__isnull=False)
    if is_pinned and pinned.count() >= MOST_PINNED:
        raise SocialError(_("%(most)s threads are at the top already. Take one down first.") % {"most": MOST_PINNED})
    held.pinned_at = clock.now() if is_pinned else None
    held.save(update_fields=["pinned_at"])
    return held


@transaction.atomic
def post_mark_helpful(*, post: Post, is_helpful: bool, by: Membership) -> Post:
    """Say that a reply answers well, or no longer. Twice is once."""
    _refuse_others(post.thread, by)
    held = post_held(post=post)
    if held.is_opening or not held.stands:
        raise SocialError(_("Only a reply that stands can be marked."))
    if (held.helpful_at is not None) != is_helpful:
        held.helpful_at = clock.now() if is_helpful else None
        held.save(update_fields=["helpful_at"])
    return held


def _refuse_others(thread: Thread, by: Membership) -> None:
    circle = circle_of_thread(by, thread)
    if circle is None or not circle.is_guide:
        raise SocialError(_("Only who guides these learners can do that."))


def _learns(post: Post) -> bool:
    """Whether its author learns in the circle, and so may be done with what is asked by this post."""
    rows = Membership.objects.select_related("person", "environment")
    author = rows.filter(person_id=post.person_id, ended_at=None).first()
    circle = circle_of_thread(author, post.thread) if author is not None else None
    return circle is not None and circle.is_learner


def _part_of(post: Post) -> Participation | None:
    """That of the author, held before the thread as when they write."""
    rows = Participation.objects.select_for_update(no_key=True)
    found: Participation | None = rows.filter(element_id=post.element_id, person_id=post.person_id).first()
    return found
