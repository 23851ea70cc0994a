"""PDF out of HTML and CSS: tagged (PDF/UA-1), with our own fonts, reading nothing but files and data."""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

FONTS = Path(settings.BASE_DIR) / "static" / "fonts" / "pdf"


@cache
def _fonts() -> Any:
    """One font configuration per process: a new one for each PDF costs more than the PDF."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- loads Pango, which few processes need

    return FontConfiguration()


def render_pdf(*, html: str, css: str) -> bytes:
    """The document as PDF/UA-1. Relative addresses mean the folder of the fonts; the network is never asked."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- loads Pango, which few processes need
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- loads Pango, which few processes need

    base = f"{FONTS}/"
    fetcher = URLFetcher(allowed_protocols=["file", "data"], allow_redirects=False)
    sheet = CSS(string=css, font_config=_fonts(), base_url=base, url_fetcher=fetcher)
    document = HTML(string=html, base_url=base, url_fetcher=fetcher)
    pdf: bytes = document.write_pdf(stylesheets=[sheet], font_config=_fonts(), pdf_variant="pdf/ua-1")
    return pdf
