"""Who writes in a discussion holds their part in it, then the thread, then the post; and the words are looked at."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext as _

from ecosystem.models import Membership
from ecosystem.scope import current_scope
from social.exceptions import SocialError
from social.models import Participation, Post, Room, Thread


def participation_held(*, element_id: int, by: Membership) -> Participation:
    """What one person writes in a discussion comes one after the other: it is counted."""
    here = current_scope().environment_id
    made, _new = Participation.objects.get_or_create(environment_id=here, element_id=element_id, person=by.person)
    found: Participation = Participation.objects.select_for_update(no_key=True).get(pk=made.pk)
    return found


def room_held(*, room_id: int) -> None:
    """Before the thread, by whoever counts threads of a room."""
    Room.objects.select_for_update(no_key=True).get(pk=room_id)


def thread_held(*, thread: Thread) -> Thread:
    rows = Thread.objects.select_for_update(of=("self",), no_key=True).select_related("element", "room")
    found: Thread = rows.get(pk=thread.pk)
    return found


def post_held(*, post: Post) -> Post:
    """With its thread before it, as whoever replies holds it."""
    thread_held(thread=post.thread)
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related("thread__room", "element")
    found: Post = rows.get(pk=post.pk)
    return found


def own_post_held(*, post: Post, by: Membership) -> Post:
    held = post_held(post=post)
    if held.person_id != by.person_id:
        raise SocialError(_("Only who wrote it can do that."))
    return held


def replies_count(*, post: Post, by: int) -> None:
    """One reply more or less that stands; the thread is held."""
    if not post.is_opening:
        Thread.objects.filter(pk=post.thread_id).update(replies=F("replies") + by)


def words_kept(*, text: str, most: int, empty: str) -> str:
    kept = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if not kept:
        raise SocialError(empty)
    if len(kept) > most:
        raise SocialError(_("It is longer than %(most)s characters.") % {"most": most})
    return kept
