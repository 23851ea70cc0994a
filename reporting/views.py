"""Reports: the list, and the sponsor's page with its files."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecosystem.access import requires
from ecosystem.charts import screen_palette
from ecosystem.rules import is_sponsor
from reporting.drawing import charts_of
from reporting.export import report_csv
from reporting.selectors import ecosystem_report
from reporting.services import report_pdf


@requires(is_sponsor)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reporting/home.html")


@requires(is_sponsor)
def ecosystem(request: HttpRequest) -> HttpResponse:
    """Is it on course, whom do we reach, does it last, what does it cost: on one page."""
    report = ecosystem_report(at=timezone.now())
    return render(
        request, "reporting/ecosystem.html", {"report": report, "charts": charts_of(report, screen_palette())}
    )


@requires(is_sponsor)
def ecosystem_csv(request: HttpRequest) -> HttpResponse:
    text = report_csv(ecosystem_report(at=timezone.now()))
    # With a byte order mark, without which Excel reads accents wrongly.
    return _file("\ufeff" + text, "text/csv; charset=utf-8", f"report-{request.environment.slug}.csv")  # type: ignore[attr-defined]


@requires(is_sponsor)
def ecosystem_pdf(request: HttpRequest) -> HttpResponse:
    environment = request.environment  # type: ignore[attr-defined]
    pdf = report_pdf(report=ecosystem_report(at=timezone.now()), environment=environment)
    return _file(pdf, "application/pdf", f"report-{environment.slug}.pdf")


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
