"""Where a post is read: on which part of its thread."""

from __future__ import annotations

from django.db.models import Q
from django.utils.http import urlencode

from social.models import Post
from social.selectors import rooms


def post_path(post: Post, **said: str) -> str:
    """The address of the part of its thread that has the post, and of its place there; ``said`` goes along."""
    query = {**({"after": after} if (after := _part_of(post)) else {}), **said}
    asked = f"?{urlencode(query)}" if query else ""
    return f"/discussions/threads/{post.thread.uid}/{asked}" + ("" if post.is_opening else f"#{post.uid}")


def _part_of(post: Post) -> str:
    """The cursor that its part begins after; empty for the first part. Posts go nowhere, so it holds for good."""
    rows = Post.objects.filter(thread_id=post.thread_id)
    before = rows.filter(Q(posted_at__lt=post.posted_at) | Q(posted_at=post.posted_at, uid__lt=post.uid)).count()
    begins = before - before % rooms.PER_PAGE
    if begins == 0:
        return ""
    last = rows.order_by("posted_at", "uid")[begins - 1]
    return str(rooms.Cursor(last.posted_at, last.uid))
