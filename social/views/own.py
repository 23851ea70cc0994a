"""One's own posts, and the threads that wait for somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecosystem.access import requires
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from social.selectors.own import own_posts, unanswered_for
from social.selectors.rooms import Cursor


@requires(is_here)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    by, after = actor(request), Cursor.read(request.GET.get("after", ""))
    context = {
        "page": own_posts(by, after=after),
        "is_later": after is not None,
        "unanswered": unanswered_for(by) if after is None else [],
    }
    return render(request, "social/mine.html", context)
