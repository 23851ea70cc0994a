from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.rules import anyone, is_member
from notifications.registry import stoppable_kinds
from notifications.selectors import mail_is_stopped, notices_by_day, stop_of_token
from notifications.services import mail_resume, mail_stop, notices_seen


@requires(is_member)
def notices(request: HttpRequest) -> HttpResponse:
    days = notices_by_day(person_id=request.membership.person_id)  # type: ignore[attr-defined]
    unseen = sum(notice.seen_at is None for day in days for notice in day.notices)
    return render(request, "notifications/notices.html", {"days": days, "unseen": unseen})


@requires(is_member)
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    notices_seen(person_id=request.membership.person_id)  # type: ignore[attr-defined]
    return redirect("notifications:notices")


@csrf_exempt  # RFC 8058: mail programs post here without a page; the signed token is what lets them
@requires(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of letter without signing in. Looking changes nothing: mail scanners follow links."""
    stop = stop_of_token(token)
    kind = stoppable_kinds.get(stop.kind) if stop else None
    if stop is None or kind is None:
        raise Http404
    if request.method == "POST":
        change = mail_resume if request.POST.get("again") else mail_stop
        change(person_id=stop.person_id, kind=stop.kind)
    stopped = mail_is_stopped(person_id=stop.person_id, kind=stop.kind)
    return render(request, "notifications/unsubscribe.html", {"kind": kind, "stopped": stopped})
