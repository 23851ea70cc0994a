"""How markers compare, for whoever looks after people: which assignments, one of them, and the figures as a file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ecosystem.access import requires
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_manager
from ecosystem.slugs import row_of_slug
from handins.computations.reliability import ENOUGH
from handins.models import Assignment
from handins.selectors.calibration import (
    assignments_calibrated,
    calibration_lines,
    calibrations_of,
    words_of,
)

PER_PAGE = 50


def _assignment(request: HttpRequest, slug: str) -> Assignment:
    return row_of_slug(assignments_calibrated(actor(request)), slug, element="element__")


@requires(is_manager)
@require_safe
def calibrations(request: HttpRequest) -> HttpResponse:
    page = Paginator(assignments_calibrated(actor(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "handins/calibrations.html", {"page": page})


@requires(is_manager)
@require_safe
def calibration(request: HttpRequest, slug: str) -> HttpResponse:
    found = _assignment(request, slug)
    figures = calibrations_of(found)
    rows = [(row, words_of(row.leniency), words_of(row.same_work)) for row in figures.rows]
    context = {"assignment": found, "figures": figures, "rows": rows, "enough": ENOUGH}
    return render(request, "handins/calibration.html", context)


@requires(is_manager)
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = _assignment(request, slug)
    answer = StreamingHttpResponse(calibration_lines(calibrations_of(found)), content_type="text/csv; charset=utf-8")
    name = content_disposition_header(as_attachment=True, filename=f"{slug}-markers.csv")
    answer.headers["Content-Disposition"] = name or "attachment"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
