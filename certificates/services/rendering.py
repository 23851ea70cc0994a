"""The PDF of a certificate: tagged (PDF/UA-1), with a QR code to its public page."""

import io

import segno
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from certificates.models import Certificate
from ecosystem.hosts import address_of
from ecosystem.languages import speaking
from ecosystem.models import Environment
from ecosystem.pdf import render_pdf
from ecosystem.services.storage import file_store
from ecosystem.theme import tokens


def certificate_pdf(*, certificate: Certificate) -> bytes:
    html, css = certificate_document(certificate=certificate)
    return render_pdf(html=html, css=css)


def certificate_document(*, certificate: Certificate) -> tuple[str, str]:
    """HTML and CSS of it: A4 landscape in the environment's colours and language."""
    environment = Environment.objects.get(pk=certificate.environment_id)
    address = f"{address_of(environment)}/verify/{certificate.serial}/"
    with speaking(environment.language, environment=environment):
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
    return html, css


def _qr(address: str, title: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, title=title, border=0, omitsize=True
    )
    return out.getvalue().decode()


@transaction.atomic
def certificate_render(*, certificate_id: int) -> None:
    """Make and store the PDF unless it is there. The name follows from the uid, so a second run replaces what a first one left behind."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.file:
        return
    name = f"certificates/{certificate.environment_id}/{certificate.uid}.pdf"
    certificate.file.name = file_store(path=name, content=certificate_pdf(certificate=certificate), always=True)
    certificate.save(update_fields=["file"])
