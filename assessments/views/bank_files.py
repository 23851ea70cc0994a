"""Files of questions in and out: looked at, agreed to, followed while a worker has them; exported."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from assessments.forms.bank_files import BankFileForm
from assessments.models import BankImport
from assessments.question_types.registry import question_type
from assessments.services.bank_imports import import_agree, import_ask, import_cancel
from assessments.services.exports import FORMATS, bank_export
from assessments.views.bank_access import actor, bank_of, own_bank
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.rules import is_author

MOST_PROBLEMS_SHOWN = 200
# What happens to a question of the file: in words, with the tone of its chip.
FATES = {
    "created": (gettext_lazy("New"), "ok"), "updated": (gettext_lazy("Changed"), "warn"), "unchanged": (gettext_lazy("The same"), ""),
}  # fmt: skip


@requires(is_author)
def bank_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; what it would do is shown at its own address. Also the last files that came."""
    element = own_bank(request, slug)
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = import_ask(bank=element, filename=file.name, data=file.read(), by=actor(request))
        except EcosystemError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("assessments:bank-import-one", element.slug, row.uid)
    earlier = BankImport.objects.filter(element=element).select_related("person").defer("report").order_by("-pk")[:10]
    return render(request, "assessments/bank_import.html", {"bank": element, "form": form, "earlier": earlier})


@requires(is_author)
def bank_file_state(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """How far it is; what it would do, or what it did."""
    element = own_bank(request, slug)
    row = get_object_or_404(BankImport.objects.select_related("person"), element=element, uid=uid)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"state": row.state, "done": row.done, "total": row.total})
    problems, listed = row.report.get("problems", []), row.report.get("listed", [])
    read = sum(row.report.get(fate, 0) for fate in FATES)
    context = {
        "listed": [
            (*FATES[one["fate"]], question_type(one["type"]).label, one["words"], one["line"]) for one in listed
        ],
        "unlisted": read - len(listed) if listed else 0,
        "bank": element,
        "row": row,
        "mine": row.person_id == actor(request).pk,
        "report": row.report,
        "problems": problems[:MOST_PROBLEMS_SHOWN],
        "more": max(len(problems) - MOST_PROBLEMS_SHOWN, 0) + row.report.get("more", 0),
    }
    return render(request, "assessments/bank_import_one.html", context)


@requires(is_author)
@require_POST
def bank_file_agree(request: HttpRequest, slug: str, uid: uuid.UUID) -> HttpResponse:
    """Bring it in, or let it go; for who brought it."""
    element = own_bank(request, slug)
    row = get_object_or_404(BankImport, element=element, uid=uid, person=actor(request))
    try:
        if "cancel" in request.POST:
            import_cancel(row=row)
            messages.success(request, _("Nothing was imported."))
            return redirect("assessments:bank-import", element.slug)
        import_agree(row=row, by=actor(request))
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    return redirect("assessments:bank-import-one", element.slug, uid)


@requires(is_author)
def bank_export_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a format; see what it cannot carry; take the file along."""
    element = bank_of(slug)
    chosen = request.GET.get("format", "")
    if chosen not in FORMATS:
        return render(request, "assessments/bank_export.html", {"bank": element})
    done = bank_export(bank=element, format=chosen)
    if "download" not in request.GET:
        context = {
            "bank": element,
            "format": chosen,
            "done": done,
            "left_out": done.left_out[:MOST_PROBLEMS_SHOWN],
            "more": max(len(done.left_out) - MOST_PROBLEMS_SHOWN, 0),
            "notes": done.notes[:MOST_PROBLEMS_SHOWN],
            "more_notes": max(len(done.notes) - MOST_PROBLEMS_SHOWN, 0),
        }
        return render(request, "assessments/bank_export.html", context)
    headers = {"Content-Disposition": f'attachment; filename="{done.filename}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(done.content, content_type=done.media_type, headers=headers)
