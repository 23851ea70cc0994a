import uuid

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from certificates.models import Certificate
from certificates.selectors import certificate_by_serial, certificates_of, recall_of
from ecosystem.access import requires
from ecosystem.rules import anyone, is_member


@requires(is_member)
def mine(request: HttpRequest) -> HttpResponse:
    membership = request.membership  # type: ignore[attr-defined]
    certificates = certificates_of(membership=membership)
    recall = recall_of(certificates, person_id=membership.person_id)
    rows = [(certificate, recall.get(certificate.element_id)) for certificate in certificates]
    return render(request, "certificates/mine.html", {"rows": rows})


@requires(is_member)
def download(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The PDF, for its holder."""
    certificate = get_object_or_404(Certificate, uid=uid, person_id=request.membership.person_id)  # type: ignore[attr-defined]
    if not certificate.file:
        raise Http404
    name = f"{certificate.title}.pdf".replace("/", "-")
    return FileResponse(certificate.file.open("rb"), content_type="application/pdf", as_attachment=True, filename=name)


@requires(anyone)
def verify(request: HttpRequest, serial: str = "") -> HttpResponse:
    """Public: valid, expired, withdrawn or unknown. Works without JavaScript and follows nobody."""
    wish = serial or request.GET.get("serial", "").strip()
    if wish and not serial:
        return redirect("certificates:verify", serial=wish[:40].replace("/", "-") or "-")
    certificate = certificate_by_serial(serial=wish) if wish else None
    status = 404 if wish and certificate is None else 200
    context = {"certificate": certificate, "serial": wish, "checked_at": timezone.now(), "hide_sign_in": True}
    return render(request, "certificates/verify.html", context, status=status)
