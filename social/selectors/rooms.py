"""Rooms as people read them: threads with the newest activity first, and the posts of one, paged by cursor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.circles import Circle, circles_of, in_circles
from ecosystem.models import Membership
from ecosystem.uids import uid_of
from social.models import Discussion, Post, Thread, ThreadSeen

PER_PAGE = 20


@dataclass(frozen=True)
class Cursor:
    """A place in a list: that of the last row somebody saw, by its moment and uid."""

    at: datetime
    uid: UUID

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """None for what is no place: the list then begins at its beginning."""
        moment, _sign, uid = text.partition("~")
        try:
            at = parse_datetime(moment)
        except ValueError:
            return None
        found = uid_of(uid)
        return cls(at, found) if at is not None and at.tzinfo is not None and found is not None else None

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.uid}"


@dataclass(frozen=True)
class PostShown:
    """A post as one reader has it before them. ``gone`` says why there are no words; empty when there are.

    ``hidden_why`` is for its author and for who guides.
    """

    post: Post
    name: str
    gone: str
    title: str
    text: str
    hidden_why: str = ""
    is_mine: bool = False
    may_edit: bool = False
    may_withdraw: bool = False
    may_hide: bool = False
    may_show: bool = False
    may_mark: bool = False
    is_unread: bool = False

    @property
    def initials(self) -> str:
        return "–" if self.post.is_erased else self.post.person.initials

    @property
    def photo(self) -> str:
        return "" if self.post.is_erased else self.post.person.photo

    @property
    def called(self) -> str:
        """For who hears the buttons and does not see beside which post they stand."""
        at = date_format(timezone.localtime(self.post.posted_at), "j F, H:i")
        return _("the post of %(name)s, %(at)s") % {"name": self.name, "at": at}


@dataclass(frozen=True)
class Page:
    """A part of a list; ``after`` is the cursor of the next part, empty at the end."""

    rows: list[PostShown]
    after: str


def post_shown(post: Post, *, by: Membership, is_guide: bool) -> PostShown:
    """What the reader may see and do. ``post`` comes with its thread and person."""
    is_mine = post.person_id == by.person_id
    readable = post.hidden_at is None or is_mine or is_guide
    has_words = post.withdrawn_at is None and not post.is_erased
    return PostShown(
        post=post,
        name=_("A former member") if post.is_erased else post.person.name,
        gone=_gone(post, readable=readable),
        title=post.title if readable else "",
        text=post.text if readable else "",
        hidden_why=post.hidden_why if readable else "",
        is_mine=is_mine,
        may_edit=is_mine and post.is_editable(clock.now()),
        may_withdraw=is_mine and has_words,
        may_hide=is_guide and post.stands,
        may_show=is_guide and post.hidden_at is not None,
        may_mark=is_guide and post.stands and not post.is_opening,
        is_unread=getattr(post, "is_unread", False),
    )


def _gone(post: Post, *, readable: bool) -> str:
    if post.is_erased:
        return _("Removed with its author’s data.")
    if post.withdrawn_at is not None:
        return _("Withdrawn by its author.")
    return "" if readable else _("Hidden by who guides this group.")


def sees_others(membership: Membership, *, discussion: Discussion, circle: Circle) -> bool:
    """Always, unless learners post first and this one has no post in the circle that stands."""
    if circle.is_guide or not discussion.posts_first:
        return True
    mine = Post.objects.filter(
        person_id=membership.person_id, element_id=discussion.element_id, thread__room__circle=circle.uid,
        withdrawn_at=None, hidden_at=None,
    )  # fmt: skip
    return mine.exists()


def circles_with(membership: Membership, *, element_id: int, wish: UUID | None) -> list[Circle]:
    """Those of the person, and the one that is wished for also where it is too old for the list."""
    found = circles_of(membership, element_id=element_id)
    if wish is None or any(one.uid == wish for one in found):
        return found
    return [*found, *circles_of(membership, element_id=element_id, uid=wish)]


def circle_shown(circles: list[Circle], *, element_id: int, wish: UUID | None) -> Circle | None:
    """The one that is wished for; else one's own, and of those that one guides the one that was last written in."""
    found = next((one for one in circles if one.uid == wish), None)
    if found is not None or not circles or circles[0].is_learner or len(circles) == 1:
        return found or next(iter(circles), None)
    rows = Thread.objects.filter(element_id=element_id, room__circle__in=[one.uid for one in circles])
    newest = rows.order_by("-last_at").values_list("room__circle", flat=True).first()
    return next((one for one in circles if one.uid == newest), circles[0])


def threads_in(
    membership: Membership,
    *,
    discussion: Discussion,
    circle: Circle,
    after: Cursor | None = None,
    only_own: bool = False,
) -> Page:
    """Threads of a circle, those at the top first. Those that nobody answered before they were withdrawn are left out."""
    rows = _openings(membership).filter(element_id=discussion.element_id, thread__room__circle=circle.uid)
    rows = rows.exclude(withdrawn_at__isnull=False, thread__replies=0)
    if only_own:
        rows = rows.filter(person_id=membership.person_id)
    pinned = list(rows.filter(thread__pinned_at__isnull=False).order_by("thread__pinned_at")) if after is None else []
    rest = rows.filter(thread__pinned_at=None).order_by("-thread__last_at", "-thread__uid")
    if after is not None:
        older = Q(thread__last_at=after.at, thread__uid__lt=after.uid)
        rest = rest.filter(Q(thread__last_at__lt=after.at) | older)
    found = list(rest[: PER_PAGE + 1])
    last = found[PER_PAGE - 1].thread if len(found) > PER_PAGE else None
    shown = [post_shown(post, by=membership, is_guide=circle.is_guide) for post in pinned + found[:PER_PAGE]]
    return Page(shown, str(Cursor(last.last_at, last.uid)) if last else "")


def threads_for(membership: Membership) -> QuerySet[Thread]:
    """All threads that the person may read, in whichever circle; ``is_guided`` says whether they guide it."""
    guided = in_circles(membership, circle="room__circle", guided=True)
    learnt = in_circles(membership, circle="room__circle", guided=False)
    asks = Discussion.objects.filter(element_id=OuterRef("element_id"), posts_first=True)
    mine = Post.objects.filter(
        person_id=membership.person_id, thread__room_id=OuterRef("room_id"), withdrawn_at=None, hidden_at=None
    )
    open_to = Q(person_id=membership.person_id) | ~Exists(asks) | Exists(mine)
    rows = Thread.objects.filter(guided | (learnt & open_to)).select_related("room", "element", "person")
    return rows.annotate(is_guided=ExpressionWrapper(guided, output_field=BooleanField()))


def posts_for(membership: Membership) -> QuerySet[Post]:
    """All posts that stand in those, with ``is_guided``."""
    guided = in_circles(membership, circle="thread__room__circle", guided=True)
    rows = Post.objects.filter(thread__in=threads_for(membership).values("pk"))
    rows = rows.select_related("thread__room", "thread__element", "person")
    return rows.annotate(is_guided=ExpressionWrapper(guided, output_field=BooleanField()))


def _openings(membership: Membership) -> QuerySet[Post]:
    seen = ThreadSeen.objects.filter(
        thread_id=OuterRef("thread_id"), person_id=membership.person_id, seen_at__gte=OuterRef("thread__last_at")
    )
    rows = Post.objects.filter(is_opening=True).select_related("thread", "person")
    return rows.annotate(is_unread=~Exists(seen))


def posts_in(membership: Membership, *, thread: Thread, circle: Circle, after: Cursor | None = None) -> Page:
    """The posts of a thread in turn, the one that opens it first."""
    rows = Post.objects.filter(thread=thread).select_related("thread", "person").order_by("posted_at", "uid")
    if after is not None:
        rows = rows.filter(Q(posted_at__gt=after.at) | Q(posted_at=after.at, uid__gt=after.uid))
    found = list(rows[: PER_PAGE + 1])
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    shown = [post_shown(post, by=membership, is_guide=circle.is_guide) for post in found[:PER_PAGE]]
    return Page(shown, str(Cursor(last.posted_at, last.uid)) if last else "")


def opening_of(membership: Membership, *, thread: Thread, circle: Circle) -> PostShown:
    """The post that opens a thread, for the later parts of it."""
    post = Post.objects.select_related("thread", "person").get(thread=thread, is_opening=True)
    return post_shown(post, by=membership, is_guide=circle.is_guide)
