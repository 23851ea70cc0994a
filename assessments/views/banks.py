"""Question banks: for authors, and their pictures for whoever is asked."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.forms import BankFileForm, KeptFileForm
from assessments.models import Picture
from assessments.question_types.registry import QUESTION_TYPES
from assessments.selectors import bank_questions, banks_here
from assessments.services import bank_import, import_preview
from assessments.services.uploads import upload_forget, upload_keep, upload_take
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.markup import plain_text
from ecosystem.models import Element
from ecosystem.rules import is_author, is_member
from ecosystem.slugs import row_of_slug

PER_PAGE = 50
MOST_PROBLEMS_SHOWN = 200
MEDIA_TYPES = frozenset({"image/png", "image/jpeg", "image/gif"})
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@requires(is_author)
def banks(request: HttpRequest) -> HttpResponse:
    return render(request, "assessments/banks.html", {"banks": banks_here()})


@requires(is_author)
def bank(request: HttpRequest, slug: str) -> HttpResponse:
    element = _bank(slug)
    text = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    page = Paginator(bank_questions(bank=element, text=text), PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {"question": row, "text": plain_text(row.stem), "kind": QUESTION_TYPES[row.type].label}
        for row in page.object_list
    ]
    context = {
        "bank": element,
        "rows": rows,
        "page": page,
        "q": text,
        "query": urlencode({"q": text}) if text else "",
        "ours": _is_ours(request, element),
    }
    return render(request, "assessments/bank.html", context)


@requires(is_author)
def bank_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a file; see what would happen; then have it done."""
    element = _bank(slug)
    if not _is_ours(request, element):
        raise Http404
    if request.method == "POST" and "key" in request.POST:
        return _bring_in(request, element)
    form = BankFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return _look_at(request, element, form)
    return render(request, "assessments/bank_import.html", {"bank": element, "form": form})


def _look_at(request: HttpRequest, element: Element, form: BankFileForm) -> HttpResponse:
    file = form.cleaned_data["file"]
    data, name = file.read(), file.name[:250]
    report = import_preview(bank=element, filename=name, data=data)
    try:
        key = upload_keep(person_id=_person_id(request), data=data)
    except EcosystemError as refusal:
        form.add_error("file", str(refusal))
        return render(request, "assessments/bank_import.html", {"bank": element, "form": form})
    kept = KeptFileForm(initial={"key": key, "filename": name})
    context = {
        "bank": element,
        "report": report,
        "kept": kept,
        "form": form,
        "problems": report.problems[:MOST_PROBLEMS_SHOWN],
        "more": max(len(report.problems) - MOST_PROBLEMS_SHOWN, 0),
        "changes": len(report.created) + len(report.updated),
    }
    return render(request, "assessments/bank_import.html", context)


def _bring_in(request: HttpRequest, element: Element) -> HttpResponse:
    kept = KeptFileForm(request.POST)
    data = upload_take(person_id=_person_id(request), key=kept.cleaned_data["key"]) if kept.is_valid() else None
    if data is None:
        messages.error(request, _("The file is no longer here. Please choose it again."))
        return redirect("assessments:bank-import", element.slug)
    try:
        report = bank_import(bank=element, filename=kept.cleaned_data["filename"], data=data)
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:bank-import", element.slug)
    upload_forget(person_id=_person_id(request))
    text = ngettext("%(new)s question added", "%(new)s questions added", len(report.created))
    counts = {"new": len(report.created), "changed": len(report.updated), "same": len(report.unchanged)}
    messages.success(request, (text + _(", %(changed)s changed, %(same)s stayed the same.")) % counts)
    return redirect("assessments:bank", element.slug)


@requires(is_member)
def picture(request: HttpRequest, sha256: str) -> HttpResponse:
    """A picture of a bank that is available here. Its bytes are fixed by its address and can do nothing but show."""
    found = Picture.objects.filter(sha256=sha256).first() if _SHA256.match(sha256) else None
    if found is None or found.media_type not in MEDIA_TYPES:
        raise Http404
    try:
        with found.file.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise Http404 from None
    return HttpResponse(
        content,
        content_type=found.media_type,
        headers={
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
            "Cache-Control": "private, max-age=31536000, immutable",
        },
    )


def _bank(slug: str) -> Element:
    return row_of_slug(Element.objects.filter(kind="question_bank"), slug)


def _is_ours(request: HttpRequest, element: Element) -> bool:
    return element.environment_id == request.environment.pk  # type: ignore[attr-defined]


def _person_id(request: HttpRequest) -> int:
    return request.membership.person_id  # type: ignore[attr-defined]
