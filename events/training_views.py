"""One's own sessions as a trainer, and marks of attendance that come from a device."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ecosystem.access import requires
from ecosystem.bodies import body_of
from ecosystem.people_views.reading import actor
from ecosystem.rules import anyone, is_here
from events.demand import led_sessions, verdicts_on
from events.organise_views import led_session
from events.services import attendance_sync

KEPT = "img/icons.svg", "css/base.css", "css/app.css", "js/app.js", "js/attendance.js", "js/attendance-kept.js"


@requires(is_here)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """My sessions: who comes, whose attendance is still to be marked, and what people thought of it."""
    rows = led_sessions(person_id=actor(request).person_id)
    verdicts = verdicts_on([row.session.event_id for row in rows])
    context = {
        "to_mark": [row for row in rows if row.is_to_mark],
        "coming": [row for row in rows if not row.session.is_over and not row.is_to_mark],
        "past": [
            (row, verdicts.get(row.session.event_id)) for row in rows if row.session.is_over and not row.is_to_mark
        ],
    }
    return render(request, "events/training.html", context)


@requires(anyone)
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of /organise/: the pages of who was there that a trainer keeps open without network."""
    theme = request.environment.theme_hash or "default"  # type: ignore[attr-defined]
    files = [
        f"/theme/{theme}.css",
        *(staticfiles_storage.url(name) for name in KEPT),
        f"{settings.STATIC_URL}js/store.js",
    ]
    script = json.dumps(list(dict.fromkeys(files)))
    return render(request, "events/sw.js", {"files": script}, content_type="text/javascript; charset=utf-8")


@requires(is_here)
@require_POST
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what a device kept. ``accepted`` and ``refused`` may leave it."""
    found = led_session(request, pk)
    try:
        sent = json.loads(body_of(request))
        items = sent["items"]
    except (ValueError, RecursionError, TypeError, KeyError):
        return JsonResponse({"detail": _("This is not JSON.")}, status=400)
    if not isinstance(items, list):
        return JsonResponse({"detail": _("This cannot be read.")}, status=400)
    taken = attendance_sync(session=found, items=items, by=actor(request))
    refused = [{"id": key, "why": why} for key, why in taken.refused.items()]
    return JsonResponse({"accepted": taken.accepted, "refused": refused, "note": taken.note})
