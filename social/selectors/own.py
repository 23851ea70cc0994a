"""What one person has written, wherever that was, and what nobody has answered yet where they take part."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.http import urlencode

from ecosystem.circles import in_circles
from ecosystem.gates import closed_among
from ecosystem.models import Membership
from social.models import Post
from social.selectors import rooms
from social.selectors.rooms import Cursor, PostShown, post_shown, threads_for

MOST_UNANSWERED = 10


@dataclass(frozen=True)
class OwnPost:
    """``called`` is the title of its thread; ``is_reachable``: the person still takes part there."""

    shown: PostShown
    called: str
    is_reachable: bool

    @property
    def href(self) -> str:
        """Its place in its thread; in a long one the part that begins with it."""
        post = self.shown.post
        before = Cursor(post.posted_at - timedelta(microseconds=1), post.uid)
        part = f"?{urlencode({'after': str(before)})}" if post.thread.replies >= rooms.PER_PAGE else ""
        opens = post.is_opening
        return reverse("discussions:thread", args=[post.thread.uid]) + ("" if opens else f"{part}#{post.uid}")


@dataclass(frozen=True)
class OwnPage:
    rows: list[OwnPost]
    after: str


def own_posts(membership: Membership, *, after: Cursor | None = None) -> OwnPage:
    """The newest first; those that were withdrawn have no words to show. Two queries, however many."""
    rows = Post.objects.filter(person_id=membership.person_id, withdrawn_at=None, is_erased=False)
    if after is not None:
        rows = rows.filter(Q(posted_at__lt=after.at) | Q(posted_at=after.at, uid__lt=after.uid))
    here = threads_for(membership).filter(pk=OuterRef("thread_id")).order_by()
    rows = rows.select_related("thread__room", "element", "person").annotate(is_reachable=Exists(here.values("pk")))
    found = list(rows.order_by("-posted_at", "-uid")[: rooms.PER_PAGE + 1])
    last = found[rooms.PER_PAGE - 1] if len(found) > rooms.PER_PAGE else None
    shown = found[: rooms.PER_PAGE]
    openings = {
        post.thread_id: post
        for post in Post.objects.filter(thread__in={post.thread_id for post in shown}, is_opening=True)
    }
    return OwnPage(
        [
            OwnPost(
                post_shown(post, by=membership, is_guide=False),
                _title(openings[post.thread_id], membership) if post.is_reachable else "",
                post.is_reachable,
            )
            for post in shown
        ],
        str(Cursor(last.posted_at, last.uid)) if last else "",
    )


def _title(opening: Post, by: Membership) -> str:
    """Empty where the post that opened the thread is gone, or hidden from this reader."""
    return opening.title if opening.hidden_at is None or opening.person_id == by.person_id else ""


def unanswered_for(membership: Membership) -> list[PostShown]:
    """The newest threads of others without a reply that stands, in discussions that are open to the person."""
    guided = in_circles(membership, circle="thread__room__circle", guided=True)
    threads = threads_for(membership).filter(replies=0).exclude(person_id=membership.person_id)
    rows = Post.objects.filter(
        thread__in=threads.values("pk"), is_opening=True, withdrawn_at=None, hidden_at=None, is_erased=False
    )
    rows = rows.select_related("thread", "element", "person")
    rows = rows.annotate(is_guided=ExpressionWrapper(guided, output_field=BooleanField()))
    found = list(rows.order_by("-posted_at", "-uid")[: 5 * MOST_UNANSWERED])
    closed = closed_among(membership, {post.element_id for post in found})
    kept = [post for post in found if post.element_id not in closed]
    return [post_shown(post, by=membership, is_guide=post.is_guided) for post in kept[:MOST_UNANSWERED]]
