"""Many people from a file: look first, then invite all of them or nobody."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ecosystem.access import requires
from ecosystem.csv_reading import MOST_LINES
from ecosystem.exceptions import EcosystemError
from ecosystem.people_access import may_see_people
from ecosystem.people_csv import COLUMNS, SAMPLE
from ecosystem.people_forms import PeopleFileForm
from ecosystem.people_views.reading import actor
from ecosystem.services.imports import people_import_confirm, people_import_read

SHOWN = 200


@requires(may_see_people)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    form = PeopleFileForm(request.POST or None, request.FILES or None)
    found = {}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        kept, reading = people_import_read(data=file.read(), by=actor(request))
        found = {
            "kept": kept,
            "filename": file.name,
            "rows": reading.rows[:SHOWN],
            "problems": reading.problems[:SHOWN],
            "count": len(reading.problems),
            "more": max(len(reading.problems) - SHOWN, 0),
            "more_rows": max(len(reading.rows) - SHOWN, 0),
        }
    facts = {"form": form, "columns": ", ".join(COLUMNS), "most": MOST_LINES, **found}
    return render(request, "ecosystem/people/import.html", facts)


@requires(may_see_people)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    try:
        uid = uuid.UUID(request.POST.get("uid", ""))
    except ValueError:
        uid = uuid.UUID(int=0)
    try:
        kept = people_import_confirm(uid=uid, by=actor(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
        return redirect("people:import")
    said = ngettext("%(n)s person is invited.", "%(n)s people are invited.", kept.count) % {"n": kept.count}
    messages.success(request, said)
    return redirect("people:invitations")


@requires(may_see_people)
def sample(request: HttpRequest) -> HttpResponse:
    """With a mark at its start, so that spreadsheets read it as UTF-8."""
    return HttpResponse(
        b"\xef\xbb\xbf" + SAMPLE.encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )
