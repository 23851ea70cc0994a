"""Reports: the list, and the sponsor's page with its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecosystem.access import requires
from ecosystem.charts import screen_palette
from ecosystem.models import Power
from ecosystem.rules import may_report
from ecosystem.spans import span_of
from reporting.drawing import charts_of
from reporting.export import report_csv
from reporting.selectors import Report, ecosystem_report
from reporting.services import report_pdf


@requires(may_report)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/home.html")


@requires(may_report)
def ecosystem(request: HttpRequest) -> HttpResponse:
    """Is it on course, whom do we reach, does it last, what does it cost: on one page."""
    report = _report(request)
    if report is None:
        return render(request, "reporting/few.html")
    charts = charts_of(report, screen_palette())
    return render(request, "reporting/ecosystem.html", {"report": report, "charts": charts})


@requires(may_report)
def ecosystem_csv(request: HttpRequest) -> HttpResponse:
    text = report_csv(_report_or_404(request))
    # With a byte order mark, without which Excel reads accents wrongly.
    return _file("\ufeff" + text, "text/csv; charset=utf-8", f"report-{request.environment.slug}.csv")  # type: ignore[attr-defined]


@requires(may_report)
def ecosystem_pdf(request: HttpRequest) -> HttpResponse:
    environment = request.environment  # type: ignore[attr-defined]
    pdf = report_pdf(report=_report_or_404(request), environment=environment)
    return _file(pdf, "application/pdf", f"report-{environment.slug}.pdf")


def _report(request: HttpRequest) -> Report | None:
    span = span_of(request.membership, Power.RUN_REPORTS)  # type: ignore[attr-defined]
    return ecosystem_report(at=timezone.now(), span=span)


def _report_or_404(request: HttpRequest) -> Report:
    report = _report(request)
    if report is None:
        raise Http404
    return report


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
