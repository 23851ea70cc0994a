"""The sponsor's report as a tagged PDF (PDF/UA-1)."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from ecosystem.charts import palette_of
from ecosystem.models import Environment
from ecosystem.theme import tokens
from reporting.drawing import charts_of
from reporting.selectors import Report

FONTS = Path(settings.BASE_DIR) / "static" / "fonts" / "pdf"


@cache
def _fonts() -> Any:
    """One font configuration per process: a new one for each PDF costs more than the PDF."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- loads Pango, which few processes need

    return FontConfiguration()


def report_pdf(*, report: Report, environment: Environment) -> bytes:
    """The same figures as the page, on A4, in the colours of the environment and the language of the reader."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- loads Pango, which few processes need
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- loads Pango, which few processes need

    colours = tokens(brand=environment.brand, accent=environment.accent)
    context = {
        "report": report,
        "environment": environment,
        "charts": charts_of(report, palette_of(colours)),
        "language": translation.get_language(),
        "colours": {name.replace("-", "_"): value for name, value in colours.items()},
    }
    html = render_to_string("reporting/pdf.html", context)
    base = str(FONTS) + "/"
    sheet = CSS(string=render_to_string("reporting/pdf.css", context), font_config=_fonts(), base_url=base)
    fetcher = URLFetcher(allowed_protocols=["file", "data"], allow_redirects=False)  # our own fonts, nothing else
    document = HTML(string=html, base_url=base, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[sheet], font_config=_fonts(), pdf_variant="pdf/ua-1")
    return pdf
