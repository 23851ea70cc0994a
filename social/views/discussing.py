"""Discussions for whoever takes part: the threads of a circle, one thread, and one's own posts."""

from __future__ import annotations

from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.addresses import address
from ecosystem.circles import Circle
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.models import Membership
from ecosystem.navigation import own_path
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from ecosystem.selectors import makers_of
from ecosystem.slugs import own_first
from ecosystem.uids import uid_of
from ecosystem.visibility import may_open
from social.forms.posting import PostForm, ReplyForm, ThreadForm
from social.models import Discussion, Post
from social.selectors.counting import asked_of, done_when
from social.selectors.places import post_path
from social.selectors.rooms import Cursor, circle_shown, circles_with, opening_of, posts_in, sees_others, threads_in
from social.services import part_look, post_edit, post_withdraw, reply_write, thread_begin, thread_read
from social.views.reading import along, kept, own_post_of, place_in, place_of, post_of


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is about, how far one is, and the threads of one circle; a post begins a thread."""
    by = actor(request)
    rows = Discussion.objects.select_related("element").filter(element__slug=slug)
    found = rows.order_by(own_first("element__"), "pk").first()
    if found is None:
        raise Http404
    is_post = request.method == "POST"
    wish = uid_of(request.POST.get("circle", "") if is_post else request.GET.get("in", ""))
    circles = circles_with(by, element_id=found.element_id, wish=wish)
    if not circles and not may_open(by, found.element):
        raise Http404
    if closed := closed_page(request, found.element):
        return closed
    circle = circle_shown(circles, element_id=found.element_id, wish=wish)
    form = ThreadForm(request.POST if is_post else None)
    if is_post and (made := _begun(form, found, circle, wish, by)):
        messages.success(request, _("Your thread is there."))
        return redirect(post_path(made, **_said(request, new="thread")))
    sees = circle is not None and sees_others(by, discussion=found, circle=circle)
    after, onward = Cursor.read(request.GET.get("after", "")), own_path(request, default="")
    keep = {"next": onward} if onward else {}
    done_at = done_when(person_id=by.person_id, element_id=found.element_id)
    asked = asked_of(found, person_id=by.person_id)
    if circle and circle.is_learner and done_at is None and all(one.is_done for one in asked):
        done_at = part_look(discussion=found, by=by)  # less is asked now, or they wrote before they learnt
    context = {
        "discussion": found, "circle": circle, "form": form, "sees": sees, "is_later": after is not None,
        "rooms": [
            {"title": one.title, "href": f"?{urlencode({'in': one.uid, **keep})}", "current": one == circle}
            for one in circles
        ],
        "page": circle and threads_in(by, discussion=found, circle=circle, after=after, only_own=not sees),
        "asked": asked, "done_at": done_at,
        "is_done": bool(done_at) or bool(circle and not circle.is_learner), "onward": onward,
        "back": circle.where if circle and onward else _("Home"), "back_href": onward or "/",
        "draft": _draft(circle.uid, found.pk, by.person_id) if circle else "",
        "makers": makers_of(elements=[found.element]).get(found.element_id, []),
    }  # fmt: skip
    return render(request, "social/discussion.html", context, status=400 if form.errors else 200)


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One thread with its replies; a post replies."""
    by, place = actor(request), place_of(request, uid)
    if closed := closed_page(request, place.thread.element):
        return closed
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = reply_write(thread=place.thread, by=by, **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your reply is there."))
            return redirect(post_path(made, **_said(request, new="reply")))
    after, keep = Cursor.read(request.GET.get("after", "")), kept(request)
    page = posts_in(by, thread=place.thread, circle=place.circle, after=after)
    if request.method == "GET" and page.rows:
        thread_read(thread=place.thread, by=by, at=page.rows[-1].post.posted_at)
    opening = next((one for one in page.rows if one.post.is_opening), None)
    first = opening or opening_of(by, thread=place.thread, circle=place.circle)
    context = {
        "place": place, "along": along(request), "thread": place.thread, "circle": place.circle, "opening": opening, "form": form,
        "replies": [one for one in page.rows if not one.post.is_opening], "page": page, "is_later": after is not None,
        "title": first.title or first.gone, "takes_replies": first.post.stands,
        "back_href": f"{address('discussions:discussion', place.thread.element.slug)}?{urlencode({'in': place.circle.uid, **keep})}",
        "later": page.after and f"?{urlencode({'after': page.after, **keep})}",
        "begins": reverse("discussions:thread", args=[uid]) + along(request),
        "onward": keep.get("next", "") if done_when(person_id=by.person_id, element_id=place.thread.element_id) else "",
        "draft": _draft(uid, by.person_id), "room_draft": _draft(place.circle.uid, place.discussion.pk, by.person_id),
    }  # fmt: skip
    return render(request, "social/thread.html", context, status=400 if form.errors else 200)


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Other words for one's own post."""
    by, (post, place) = actor(request), post_of(request, uid)
    if post.person_id != by.person_id:
        raise Http404
    if closed := closed_page(request, place.thread.element):
        return closed
    form = PostForm(request.POST or None, initial={"title": post.title, "text": post.text}, is_opening=post.is_opening)
    if request.method == "POST" and form.is_valid():
        try:
            post_edit(post=post, by=by, **form.cleaned_data)
        except EcosystemError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(post_path(post, **kept(request)))
    context = {"post": post, "place": place, "form": form, "along": along(request)}
    return render(request, "social/edit.html", context, status=400 if form.errors else 200)


@requires(is_here)
@require_POST
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take one's own words away."""
    by, post = actor(request), own_post_of(request, uid)
    post_withdraw(post=post, by=by)
    messages.success(request, _("Your post is withdrawn."))
    if request.POST.get("from") == "mine":
        return redirect("discussions:mine")
    return redirect(post_path(post, **kept(request)) if place_in(request, post.thread) else "/")


def _begun(
    form: ThreadForm, discussion: Discussion, circle: Circle | None, wish: UUID | None, by: Membership
) -> Post | None:
    """The post that opens it. Those whom the page named read it: another circle is shown, never written in instead."""
    if circle is None or circle.uid != wish:
        form.add_error(None, _("Nothing is posted yet. Look who would see it, and post it then."))
    if not form.is_valid() or circle is None:
        return None
    try:
        return thread_begin(discussion=discussion, circle=circle.uid, by=by, **form.cleaned_data)
    except EcosystemError as refusal:
        form.add_error(None, str(refusal))
    return None


def _said(request: HttpRequest, *, new: str) -> dict[str, str]:
    """What is ``new`` need not be kept on the device any more; where to go on afterwards goes along."""
    return {"new": new, **kept(request)}


def _draft(*parts: object) -> str:
    """Under which name a device keeps what one person is writing in one place."""
    return str(uuid5(NAMESPACE_URL, ":".join(map(str, parts))))
