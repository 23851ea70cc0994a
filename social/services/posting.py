"""Posts as people write them: a thread begun, a reply, words changed for a while, a post withdrawn."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.circles import Circle
from ecosystem.models import Membership
from ecosystem.scope import current_scope
from records.services import record
from social.access import circle_in, circle_of_thread
from social.exceptions import SocialError
from social.models import Discussion, Post, Room, Thread
from social.models.posts import LONGEST_TEXT, LONGEST_TITLE
from social.selectors.rooms import sees_others
from social.services.locking import own_post_held, participation_held, replies_count, thread_held, words_kept
from social.services.progress import posts_changed
from social.services.reading import seen_keep
from social.services.telling import tell_guides, tell_of_reply

MOST_AN_HOUR = 30
HOUR = timedelta(hours=1)


@transaction.atomic
def thread_begin(*, discussion: Discussion, circle: UUID, title: str, text: str, by: Membership) -> Post:
    """Begin a thread in a circle that the person is in; returns the post that opens it."""
    found = circle_in(by, element_id=discussion.element_id, uid=circle)
    if found is None:
        raise SocialError(_("Only who takes part in it can write here."))
    title = words_kept(text=title, most=LONGEST_TITLE, empty=_("Give it a title.")).replace("\n", " ")
    text = words_kept(text=text, most=LONGEST_TEXT, empty=_("Write something first."))
    part = participation_held(element_id=discussion.element_id, by=by)
    _refuse_flood(by)
    here, now = current_scope().environment_id, clock.now()
    room, _made = Room.objects.get_or_create(environment_id=here, element=discussion.element, circle=circle)
    thread = Thread.objects.create(
        environment_id=here, room=room, element=discussion.element, person=by.person, last_at=now
    )
    made = _post(thread, by, title=title, text=text, is_opening=True)
    record(
        verb="asked",
        element=discussion.element,
        person_id=by.person_id,
        context={"post": str(made.uid)},
        occurred_at=now,
    )
    posts_changed(discussion=discussion, part=part, is_learner=found.is_learner)
    seen_keep(thread=thread, person_id=by.person_id, at=made.posted_at)
    if not found.is_guide:
        tell_guides(post=made, circle=circle)
    return made


@transaction.atomic
def reply_write(*, thread: Thread, text: str, by: Membership) -> Post:
    """Reply in a thread that the person may read. Refuses where its first post was withdrawn or hidden."""
    circle = thread_open(thread=thread, by=by)
    text = words_kept(text=text, most=LONGEST_TEXT, empty=_("Write something first."))
    part = participation_held(element_id=thread.element_id, by=by)
    _refuse_flood(by)
    held = thread_held(thread=thread)
    opening = Post.objects.get(thread=held, is_opening=True)
    if not opening.stands:
        raise SocialError(_("The post that opened this thread is gone, so it takes no more replies."))
    made = _post(held, by, text=text)
    Thread.objects.filter(pk=held.pk).update(last_at=made.posted_at, replies=F("replies") + 1)
    record(
        verb="replied", element=held.element, person_id=by.person_id, context={"post": str(made.uid)},
        occurred_at=made.posted_at,
    )  # fmt: skip
    discussion = Discussion.objects.get(element=held.element)
    posts_changed(discussion=discussion, part=part, is_learner=circle.is_learner)
    seen_keep(thread=held, person_id=by.person_id, at=made.posted_at)
    tell_of_reply(post=made, thread=held)
    return made


@transaction.atomic
def post_edit(*, post: Post, text: str, by: Membership, title: str | None = None) -> Post:
    """Other words for one's own post, for half an hour after it was posted. The same again changes nothing."""
    held = own_post_held(post=post, by=by)
    if not held.stands:
        raise SocialError(_("This post is gone, so it cannot be changed."))
    if not held.is_editable(clock.now()):
        raise SocialError(_("A post can be changed for half an hour. Write a reply instead."))
    before = held.title, held.text
    held.text = words_kept(text=text, most=LONGEST_TEXT, empty=_("Write something first."))
    if held.is_opening and title is not None:
        held.title = words_kept(text=title, most=LONGEST_TITLE, empty=_("Give it a title.")).replace("\n", " ")
    if (held.title, held.text) != before:
        held.edited_at = clock.now()
        held.save(update_fields=["title", "text", "edited_at"])
    return held


@transaction.atomic
def post_withdraw(*, post: Post, by: Membership) -> Post:
    """Take one's own words away for good; that there was a post stays. What was done by it stays done. Twice is once."""
    part = participation_held(element_id=post.element_id, by=by)
    held = own_post_held(post=post, by=by)
    if held.withdrawn_at is not None:
        return held
    counted = held.stands
    held.title, held.text, held.withdrawn_at, held.helpful_at = "", "", clock.now(), None
    held.save(update_fields=["title", "text", "withdrawn_at", "helpful_at"])
    if counted:
        replies_count(post=held, by=-1)
    record(verb="retracted", element=held.element, person_id=by.person_id, context={"post": str(held.uid)})
    discussion = Discussion.objects.get(element=held.element)
    posts_changed(discussion=discussion, part=part, is_learner=False)
    return held


def thread_open(*, thread: Thread, by: Membership) -> Circle:
    """The circle in which the person may read this thread; refuses others, and who has to post first."""
    circle = circle_of_thread(by, thread)
    if circle is None:
        raise SocialError(_("Only who takes part in it can write here."))
    discussion = Discussion.objects.get(element_id=thread.element_id)
    if thread.person_id != by.person_id and not sees_others(by, discussion=discussion, circle=circle):
        raise SocialError(_("Begin a thread of your own first; then you see those of the others."))
    return circle


def _post(thread: Thread, by: Membership, *, text: str, title: str = "", is_opening: bool = False) -> Post:
    made: Post = Post.objects.create(
        environment_id=thread.environment_id,
        thread=thread,
        element_id=thread.element_id,
        person=by.person,
        is_opening=is_opening,
        title=title,
        text=text,
        posted_at=clock.now(),
    )
    return made


def _refuse_flood(by: Membership) -> None:
    recent = Post.objects.filter(person=by.person, posted_at__gt=clock.now() - HOUR)
    if recent.count() >= MOST_AN_HOUR:
        raise SocialError(_("You have written a lot in this hour. Go on a little later."))
