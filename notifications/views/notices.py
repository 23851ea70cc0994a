from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from ecosystem.access import requires
from ecosystem.navigation import own_path
from ecosystem.rules import is_member
from notifications.selectors import kinds_of, notice_page, unread_count
from notifications.services import notice_open, notice_seen, notices_seen


@requires(is_member)
def notices(request: HttpRequest) -> HttpResponse:
    """What the person was told, unread first; ``kind`` filters, ``after`` is the cursor."""
    person_id = request.membership.person_id  # type: ignore[attr-defined]
    kind, after = request.GET.get("kind", ""), request.GET.get("after", "")
    page = notice_page(person_id=person_id, kind=kind, after=int(after) if _is_id(after) else 0)
    more = urlencode({"kind": kind, "after": page.after}) if kind else urlencode({"after": page.after})
    return render(
        request,
        "notifications/notices.html",
        {
            "page": page,
            "kinds": kinds_of(membership=request.membership),  # type: ignore[attr-defined]
            "kind": kind,
            "more": f"?{more}" if page.after else "",
            "is_first": not after,
        },
    )


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@requires(is_member)
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """All of them are read."""
    notices_seen(person_id=request.membership.person_id)  # type: ignore[attr-defined]
    return redirect("notifications:notices")


@requires(is_member)
@require_POST
def seen_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them is read; back to where the person was in the list."""
    notice_seen(person_id=request.membership.person_id, notice_id=pk)  # type: ignore[attr-defined]
    return redirect(own_path(request, default="/notices/"))


@requires(is_member)
@require_GET
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """To what a notice is about. Whoever follows it has seen it."""
    notice = notice_open(person_id=request.membership.person_id, notice_id=pk)  # type: ignore[attr-defined]
    if notice is None:
        raise Http404
    return redirect(notice.href or "notifications:notices")


@requires(is_member)
@never_cache
@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """How many are new, for the badge of a page that stays open."""
    return JsonResponse({"unread": unread_count(request.membership)})  # type: ignore[attr-defined]
