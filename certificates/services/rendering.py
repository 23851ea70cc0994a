"""The PDF of a certificate: tagged (PDF/UA-1), with a QR code to its public page."""

import io
from functools import cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from certificates.models import Certificate
from ecosystem.hosts import address_of
from ecosystem.models import Environment
from ecosystem.theme import tokens

FONTS = Path(settings.BASE_DIR) / "static" / "fonts" / "pdf"


@cache
def _fonts() -> Any:
    """One font configuration per process: a new one for each PDF costs more than the PDF."""
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- loads Pango, which only workers need

    return FontConfiguration()


def certificate_pdf(*, certificate: Certificate) -> bytes:
    """A4 landscape in the environment's colours and language."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- loads Pango, which only workers need

    environment = Environment.objects.get(pk=certificate.environment_id)
    address = f"{address_of(environment)}/verify/{certificate.serial}/"
    with translation.override(environment.language):
        colours = tokens(brand=environment.brand, accent=environment.accent)
        context = {
            "certificate": certificate,
            "environment": environment,
            "address": address,
            "qr": _qr(address, translation.gettext("QR code to the page that checks this certificate")),
            "language": environment.language,
        }
        html = render_to_string("certificates/pdf.html", context)
        css = render_to_string(
            "certificates/pdf.css", {"colours": {k.replace("-", "_"): v for k, v in colours.items()}}
        )
    sheet = CSS(string=css, font_config=_fonts(), base_url=str(FONTS) + "/")
    pdf: bytes = HTML(string=html, base_url=str(FONTS) + "/", url_fetcher=_only_our_fonts()).write_pdf(
        stylesheets=[sheet], font_config=_fonts(), pdf_variant="pdf/ua-1"
    )
    return pdf


def _only_our_fonts() -> Any:
    """Our own template with our own fonts: files and data only, nothing from a network."""
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- loads Pango, which only workers need

    return URLFetcher(allowed_protocols=["file", "data"], allow_redirects=False)


def _qr(address: str, title: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, title=title, border=0, omitsize=True
    )
    return out.getvalue().decode()


@transaction.atomic
def certificate_render(*, certificate_id: int) -> None:
    """Make and store the PDF unless it is there. The name follows from the uid, so a second run replaces the same file."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.file:
        return
    name = f"certificates/{certificate.environment_id}/{certificate.uid}.pdf"
    storage = Certificate._meta.get_field("file").storage
    if storage.exists(name):
        storage.delete(name)
    certificate.file.name = storage.save(name, ContentFile(certificate_pdf(certificate=certificate)))
    certificate.save(update_fields=["file"])
