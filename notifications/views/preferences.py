from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.rules import anyone, is_member
from notifications.forms import ChannelsForm, RhythmForm
from notifications.registry import notice_kinds
from notifications.selectors import (
    choices_by_group,
    devices_of,
    kind_is_stoppable,
    mail_is_stopped,
    preference_of,
    stop_of_token,
)
from notifications.services import choices_save, mail_resume, mail_stop, preference_save
from notifications.webpush import private_key, public_text


@requires(is_member)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How the person wants to be told: by kind and channel, and when."""
    person_id = request.membership.person_id  # type: ignore[attr-defined]
    given = request.POST if request.method == "POST" else None
    channels = ChannelsForm(
        given, prefix="kind", groups=choices_by_group(person_id=person_id), words=request.environment.words
    )  # type: ignore[attr-defined]
    rhythm = RhythmForm(
        given,
        here=request.environment.time_zone,  # type: ignore[attr-defined]
        initial=RhythmForm.initial_of(preference_of(person_id=person_id)),
    )
    if given is not None and channels.is_valid() and rhythm.is_valid():
        choices_save(person_id=person_id, wanted=channels.wanted)
        preference_save(person_id=person_id, **rhythm.wishes)
        messages.success(request, _("Saved. It holds from now on."))
        return redirect("notifications:preferences")
    key = public_text(private_key(settings.VAPID_KEY)) if settings.VAPID_KEY else ""
    return render(
        request,
        "notifications/preferences.html",
        {
            "channels": channels,
            "rhythm": rhythm,
            "push_key": key,
            "devices": devices_of(person_id=person_id) if key else [],
        },
    )


@csrf_exempt  # RFC 8058: mail programs post here without a page; the signed token is what lets them
@requires(anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of letter without signing in. Looking changes nothing: mail scanners follow links."""
    stop = stop_of_token(token)
    if stop is None or not kind_is_stoppable(stop.kind):
        raise Http404
    kind = notice_kinds[stop.kind]
    paused = bool(kind.pause and request.method == "POST" and request.POST.get("pause"))
    if paused and kind.pause:
        kind.pause(person_id=stop.person_id)
    elif request.method == "POST":
        change = mail_resume if request.POST.get("again") else mail_stop
        change(person_id=stop.person_id, kind=stop.kind)
    stopped = mail_is_stopped(person_id=stop.person_id, kind=stop.kind)
    facts = {"kind": kind, "can_pause": kind.pause is not None, "stopped": stopped, "paused": paused}
    return render(request, "notifications/unsubscribe.html", facts)
