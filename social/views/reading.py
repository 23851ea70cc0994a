"""Which discussion, thread and post a request is about; whoever is not in the circle gets 404."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.http import urlencode

from ecosystem.circles import Circle
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from social.access import circle_of_thread
from social.models import Discussion, Post, Thread
from social.selectors.rooms import sees_others


@dataclass(frozen=True)
class Place:
    thread: Thread
    circle: Circle
    discussion: Discussion


def kept(request: HttpRequest) -> dict[str, str]:
    """Where to go on afterwards, which goes along to whatever is done in a thread."""
    onward = own_path(request, default="")
    return {"next": onward} if onward else {}


def along(request: HttpRequest) -> str:
    """The same as the end of an address."""
    found = kept(request)
    return f"?{urlencode(found)}" if found else ""


def place_of(request: HttpRequest, uid: UUID) -> Place:
    rows = Thread.objects.select_related("room", "element")
    return _place(request, rows.filter(uid=uid).first())


def post_of(request: HttpRequest, uid: UUID) -> tuple[Post, Place]:
    rows = Post.objects.select_related("thread__room", "thread__element", "person")
    post = rows.filter(uid=uid).first()
    return post, _place(request, post.thread if post else None)  # type: ignore[return-value]


def own_post_of(request: HttpRequest, uid: UUID) -> Post:
    """One's own, also where one takes part no more; its words are one's own for ever."""
    rows = Post.objects.select_related("thread__room", "thread__element")
    post = rows.filter(uid=uid, person_id=actor(request).person_id).first()
    if post is None:
        raise Http404
    return post


def _place(request: HttpRequest, thread: Thread | None) -> Place:
    place = place_in(request, thread) if thread is not None else None
    if place is None:
        raise Http404
    return place


def place_in(request: HttpRequest, thread: Thread) -> Place | None:
    """None when the person may not read the thread."""
    by = actor(request)
    circle = circle_of_thread(by, thread)
    if circle is None:
        return None
    discussion = Discussion.objects.get(element_id=thread.element_id)
    if thread.person_id != by.person_id and not sees_others(by, discussion=discussion, circle=circle):
        return None
    return Place(thread, circle, discussion)
