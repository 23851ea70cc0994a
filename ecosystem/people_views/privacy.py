"""A person's own data: a copy, and an end. And the page on which an administrator confirms that end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import DataExport, Erasure, ErasureState, ExportState, Membership
from ecosystem.people_access import may_erase
from ecosystem.people_views.reading import actor, row_or_404
from ecosystem.personal_data import OnErase, declarations
from ecosystem.proof import proof_required
from ecosystem.rules import is_member
from ecosystem.services.erasure import erasure_ask, erasure_confirm, erasure_withdraw
from ecosystem.services.exports import data_export_ask


@requires(is_member)
@never_cache
@proof_required
def my_data(request: HttpRequest) -> HttpResponse:
    person_id = actor(request).person_id
    export = DataExport.objects.filter(person_id=person_id).order_by("-pk").first()
    return render(
        request,
        "ecosystem/people/my_data.html",
        {
            "export": export,
            "is_ready": export is not None and export.state == ExportState.READY and _is_fresh(export),
            "is_waiting": export is not None and export.state == ExportState.WAITING,
            "has_failed": export is not None and export.state == ExportState.FAILED,
            "erasure": Erasure.objects.filter(person_id=person_id, state=ErasureState.ASKED).first(),
            "consequences": _consequences(),
        },
    )


def _is_fresh(export: DataExport) -> bool:
    return export.expires_at is not None and export.expires_at > timezone.now()


def _consequences() -> dict[str, list[Any]]:
    """What is declared, by what happens to it; for people to read before they decide."""
    found: dict[str, list[Any]] = {"gone": [], "kept": []}
    for one in declarations():
        if one.on_erase is OnErase.KEEP:
            found["kept"].append((one.name, one.because))
        elif one.is_tenant:
            found["gone"].append(one.name)
    return {**found, "gone": list(dict.fromkeys(found["gone"]))}  # one name may stand for several tables


@requires(is_member)
@require_POST
@proof_required
def ask_export(request: HttpRequest) -> HttpResponse:
    data_export_ask(membership=actor(request))
    return redirect("my-data")


@requires(is_member)
@require_GET
@never_cache
@proof_required
def download(request: HttpRequest, uid: UUID) -> FileResponse:
    """The file, for the person it is about and nobody else, within its week."""
    export = DataExport.objects.filter(
        uid=uid, person_id=actor(request).person_id, state=ExportState.READY, expires_at__gt=timezone.now()
    ).first()
    if export is None:
        raise Http404
    return FileResponse(export.file.open("rb"), as_attachment=True, filename="my-data.zip")


@requires(is_member)
@require_POST
@proof_required
def ask_erasure(request: HttpRequest) -> HttpResponse:
    if "withdraw" in request.POST:
        erasure_withdraw(membership=actor(request))
        messages.success(request, _("Good that you stay."))
    else:
        erasure_ask(membership=actor(request))
        messages.success(request, _("Your wish is with the administrators. You hear from them within a month."))
    return redirect("my-data")


@requires(may_erase)
@require_http_methods(["GET", "HEAD", "POST"])
@proof_required(reading_is_free=True)
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Looking tells what would happen; the tick and the button make it happen."""
    member = row_or_404(Membership.objects.select_related("person"), pk)
    error = ""
    if request.method == "POST":
        if not request.POST.get("sure"):
            error = _("Tick the box first: this cannot be undone.")
        else:
            try:
                erasure_confirm(membership=member, by=actor(request))
            except EcosystemError as refusal:
                error = str(refusal)
            else:
                messages.success(request, _("The data is being erased. It takes a few minutes."))
                return redirect("people:list")
    asked = Erasure.objects.filter(person_id=member.person_id).exclude(state=ErasureState.WITHDRAWN).first()
    facts = {"member": member, "asked": asked, "error": error, "consequences": _consequences()}
    return render(request, "ecosystem/people/erase.html", facts)
