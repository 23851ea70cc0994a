"""Lists from a file: look first, then all of it or nothing."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.list_kinds import LIST_KINDS, ListKind
from ecosystem.people_forms import PeopleFileForm
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_here
from ecosystem.services.list_imports import MOST, list_import_confirm, list_import_read
from ecosystem.spreadsheets import MARK

SHOWN = 200


def _kind(request: HttpRequest, key: str) -> ListKind:
    kind = LIST_KINDS.get(key)
    if kind is None or not kind.rule(actor(request)):
        raise Http404
    return kind


@requires(is_here)
@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, kind: str) -> HttpResponse:
    """Each kind of list has a rule of its own."""
    chosen = _kind(request, kind)
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    found = {}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept, reading = list_import_read(kind=chosen, data=file.read(), by=actor(request))
        found = {
            "kept": kept,
            "filename": file.name,
            "rows": [(row["line"], _cells(chosen, row)) for row in reading.rows[:SHOWN]],
            "problems": reading.problems[:SHOWN],
            "count": len({problem.line for problem in reading.problems}),
            "more": max(len(reading.problems) - SHOWN, 0),
            "more_rows": max(len(reading.rows) - SHOWN, 0),
        }
    facts = {"form": form, "kind": chosen, "columns": ", ".join(chosen.columns), "most": MOST, **found}
    return render(request, "ecosystem/list_import.html", facts)


def _cells(kind: ListKind, row: dict[str, str]) -> list[str]:
    return [row[name] for name in kind.columns if row[name]]


@requires(is_here)
@require_POST
def confirm(request: HttpRequest, kind: str) -> HttpResponse:
    chosen = _kind(request, kind)
    try:
        uid = uuid.UUID(request.POST.get("uid", ""))
    except ValueError:
        uid = uuid.UUID(int=0)
    try:
        kept = list_import_confirm(kind=chosen, uid=uid, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return redirect("list-import", kind=kind)
    said = ngettext("Done: %(n)s line.", "Done: %(n)s lines.", kept.count) % {"n": kept.count}
    messages.success(request, said)
    return redirect(chosen.back)


@requires(is_here)
@require_safe
def sample(request: HttpRequest, kind: str) -> HttpResponse:
    chosen = _kind(request, kind)
    return HttpResponse(
        (MARK + chosen.sample).encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{chosen.key}.csv"'},
    )
