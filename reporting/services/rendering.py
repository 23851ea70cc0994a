"""The sponsor's report as a tagged PDF (PDF/UA-1)."""

from django.template.loader import render_to_string
from django.utils import translation

from ecosystem.charts import palette_of
from ecosystem.models import Environment
from ecosystem.pdf import render_pdf
from ecosystem.theme import tokens
from reporting.drawing import charts_of
from reporting.selectors import Report


def report_pdf(*, report: Report, environment: Environment) -> bytes:
    """The same figures as the page, on A4, in the colours of the environment and the language of the reader."""
    colours = tokens(brand=environment.brand, accent=environment.accent)
    context = {
        "report": report,
        "environment": environment,
        "charts": charts_of(report, palette_of(colours)),
        "language": translation.get_language(),
        "colours": {name.replace("-", "_"): value for name, value in colours.items()},
    }
    html = render_to_string("reporting/pdf.html", context)
    return render_pdf(html=html, css=render_to_string("reporting/pdf.css", context))
