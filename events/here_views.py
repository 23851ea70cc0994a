"""Who is there: the code that the room shows, the page behind it, and a sheet to sign."""

from __future__ import annotations

import io

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem import clock
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment
from ecosystem.pdf import render_pdf
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here, is_member
from ecosystem.theme import tokens
from events.models import SeatState, Session
from events.organise_views import led_session
from events.partaking import hindrance_of
from events.selectors import events_for, own_marks, people_in
from events.services import check_in, check_in_code, check_in_is_open

REFRESH = 30  # seconds after which the page asks for the next code


@requires(is_here)
@never_cache
@require_safe
def code(request: HttpRequest, pk: int) -> HttpResponse:
    """To show in the room. It asks for the next code by itself, also without scripts."""
    found = led_session(request, pk)
    context = {
        "session": found, "event": found.event, "is_open": check_in_is_open(session=found, at=clock.now()),
        "there": found.attendances.filter(presence="present").count(),
        "seats": people_in(found.event).filter(state=SeatState.BOOKED).count(),
    }  # fmt: skip
    answer = render(request, "events/code.html", context)
    answer["Refresh"] = str(REFRESH)
    return answer


@requires(is_here)
@never_cache
@require_safe
def code_drawn(request: HttpRequest, pk: int) -> HttpResponse:
    found, out = led_session(request, pk), io.BytesIO()
    said = check_in_code(session=found, at=clock.now())
    address = request.build_absolute_uri(f"/events/here/{found.pk}/{said}/")
    segno.make(address, error="m").save(out, kind="svg", scale=8, dark="#000", light="#fff", border=3, xmldecl=False)
    safe = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return HttpResponse(out.getvalue(), content_type="image/svg+xml", headers=safe)


@requires(is_member)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """The page behind the code: one button."""
    by, refused = actor(request), ""
    mine = Session.objects.select_related("event__element", "trainer").filter(event__in=events_for(by).values("pk"))
    found = get_object_or_404(mine, pk=pk)
    if request.method == "POST":
        try:
            check_in(session=found, code=code, by=by)
        except EcosystemError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("You are on the list. Have a good time."))
            return redirect("events:event", found.event.element.slug)
    context = {
        "session": found, "event": found.event, "refused": refused, "hindrance": hindrance_of(found.event, by),
        "mark": own_marks(found.event, by).get(found.pk, ""),
    }  # fmt: skip
    return render(request, "events/here.html", context, status=400 if refused else 200)


@requires(is_here)
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody with a seat and a line to sign on, as a PDF."""
    found = led_session(request, pk)
    environment = Environment.objects.get(pk=found.environment_id)
    drawn = tokens(brand=environment.brand, accent=environment.accent)
    colours = {name.replace("-", "_"): value for name, value in drawn.items()}
    people = people_in(found.event).filter(state=SeatState.BOOKED).order_by("person__name", "pk")
    context = {
        "session": found, "event": found.event, "environment": environment, "language": translation.get_language(),
        "names": [seat.person.name for seat in people],
    }  # fmt: skip
    html = render_to_string("events/sheet.html", context)
    pdf = render_pdf(html=html, css=render_to_string("events/sheet.css", {"colours": colours}))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.event.element.slug}.pdf"'
    return answer
