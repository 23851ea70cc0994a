"""One's own sessions as a trainer, and what organisers should know: where people wait."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecosystem.access import requires
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from events.demand import led_sessions, verdicts_on


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
