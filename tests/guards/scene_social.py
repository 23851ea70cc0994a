"""What a twin has of discussions: one that is a step of the course, and a thread of it with posts in each state."""

from __future__ import annotations

from typing import Any

from ecosystem.models import Element
from social.models import Discussion
from social.services import discussion_make, post_hide, post_withdraw, reply_write, thread_begin
from tests.guards.twins import Twin


def discussion_for(twin: Twin, secret: str, prefix: str) -> Element:
    return discussion_make(
        title=f"{secret} discussion", slug=f"{prefix}-discussion", summary=secret, markdown=f"{secret} to talk about",
        by=twin.people["admin"],
    ).element  # fmt: skip


def bring_posts(twin: Twin, secret: str, run: Any, element: Element) -> None:
    admin, learner = twin.people["admin"], twin.people["learner"]
    discussion = Discussion.objects.get(element=element)
    begun = [
        thread_begin(discussion=discussion, circle=run.uid, title=f"{secret} thread", text=f"{secret} post", by=by)
        for by in (learner, admin)
    ]
    hidden, gone, *_others = [
        reply_write(thread=begun[0].thread, text=f"{secret} reply {number}", by=by)
        for number, by in enumerate((learner, learner, learner, admin))
    ]
    post_hide(post=hidden, why=f"{secret} reason", by=admin)
    post_withdraw(post=gone, by=learner)
