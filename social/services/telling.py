"""Who is told what about discussions, each in their own language. Notices name nobody and quote nothing: they outlive posts."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy

from ecosystem.circles import guides_of_circle
from notifications.services import notify
from social.models import Post, Thread
from social.selectors.places import post_path

REPLIES, GUIDED, POSTS = "discussion-reply", "discussion-thread", "discussion-post"


def tell_of_reply(*, post: Post, thread: Thread) -> None:
    """Whoever began the thread, unless they replied themselves."""
    if post.person_id != thread.person_id:
        notify(
            person_id=thread.person_id,
            key=f"discussion-reply:{post.pk}",
            kind=REPLIES,
            title=thread.element.title,
            body=gettext_lazy("Somebody replied to you."),
            href=post_path(post),
            mail=True,
        )


def tell_guides(*, post: Post, circle: UUID) -> None:
    """Whoever guides the circle, of a thread that a learner began."""
    for person_id in sorted(guides_of_circle(uid=circle) - {post.person_id}):
        notify(
            person_id=person_id,
            key=f"discussion-thread:{post.pk}:{person_id}",
            kind=GUIDED,
            title=post.thread.element.title,
            body=gettext_lazy("A learner has begun a thread."),
            href=post_path(post),
            mail=True,
        )


def tell_of_hiding(*, post: Post) -> None:
    """The author, who reads the reason with the post."""
    notify(
        person_id=post.person_id,
        key=f"discussion-hidden:{post.pk}:{post.hidden_at:%Y%m%d%H%M%S%f}",
        kind=POSTS,
        title=post.element.title,
        body=gettext_lazy("A post of yours was hidden. With it you read why."),
        href=post_path(post),
        mail=True,
    )
