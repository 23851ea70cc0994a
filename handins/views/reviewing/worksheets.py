"""Work taken along to be judged elsewhere, and the sheet brought back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.csv_reading import Problem
from ecosystem.nameless.cleaning import Cleaner
from ecosystem.people_views.reading import actor
from ecosystem.slugs import row_of_slug
from handins.access import may_review
from handins.anonymity import neutral_name
from handins.files.sheets import MEDIA_TYPE as XLSX
from handins.files.worksheet import MOST_LINES, sheet_book, sheet_of
from handins.forms.commenting import SheetForm
from handins.models import Assignment, HandinFile, Round
from handins.selectors import newest_rubric
from handins.selectors.queue import STATES, assignments_reviewed, in_turn, rounds_for
from handins.services.worksheets import worksheet_apply, worksheet_look

LARGEST_ZIP = 500 * 1024 * 1024
PIECE = 256 * 1024


def _assignment(request: HttpRequest, slug: str) -> Assignment:
    return row_of_slug(assignments_reviewed(actor(request)), slug, element="element__")


def _rounds(request: HttpRequest, found: Assignment) -> list[Round]:
    """What waits or is marked and not released, of this assignment."""
    states = (*STATES["waiting"], *STATES["marked"])
    rows = rounds_for(actor(request)).filter(element_id=found.element_id, state__in=states)
    return list(in_turn(rows)[:MOST_LINES])


@requires(may_review)
@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Everything that waits, in one file: the sheet, and a folder for each hand-in. With ``?sheet`` only the sheet, as CSV or ``xlsx``."""
    found, wanted = _assignment(request, slug), request.GET.get("sheet")
    rounds, rubric = _rounds(request, found), newest_rubric(found)
    book = sheet_book(rounds, rubric) if wanted in (None, "xlsx") else None
    if wanted == "xlsx" and book is not None:
        return _named(StreamingHttpResponse([book], content_type=XLSX), f"{slug}.xlsx")
    if wanted is not None:
        answer = StreamingHttpResponse(sheet_of(rounds, rubric), content_type="text/csv; charset=utf-8")
        return _named(answer, f"{slug}.csv")
    packed = TemporaryFile()  # noqa: SIM115 -- closed by whoever reads it to the end
    _pack(packed, rounds, ("marks.xlsx", book) if book else ("marks.csv", "".join(sheet_of(rounds, rubric))))
    answer = StreamingHttpResponse(_pieces(packed), content_type="application/zip")
    return _named(answer, f"{slug}.zip")


def _named(answer: StreamingHttpResponse, name: str) -> StreamingHttpResponse:
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _pack(packed: IO[bytes], rounds: list[Round], sheet: tuple[str, str | bytes]) -> None:
    """Files come as long as there is room; what stays out is said in a file of its own. No name leads out of its folder."""
    files: dict[int, list[HandinFile]] = {}
    for file in HandinFile.objects.filter(round__in=[row.pk for row in rounds]).order_by("pk"):
        files.setdefault(file.round_id, []).append(file)
    left, naming, room = [], [], LARGEST_ZIP
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as out, Cleaner() as cleaner:
        out.writestr(*sheet)
        for count, row in enumerate(rounds, start=1):
            folder = f"{count:03d}-{str(row.uid)[:8]}"
            if row.text or row.link:
                out.writestr(f"{folder}/text.txt", f"{row.text}\n{row.link}\n".strip() + "\n")
            for number, file in enumerate(files.get(row.pk, []), start=1):
                if file.size > room:
                    left.append(f"{folder}: {_name(row, file)}")
                    continue
                room -= file.size
                naming += _put(out, f"{folder}/{number}-{_name(row, file)}", file, cleaner if row.hides_names else None)
        for name, lines in (("may-name-their-author.txt", naming), ("left-out.txt", left)):
            if lines:
                out.writestr(name, "\n".join(lines) + "\n")
    packed.seek(0)


def _put(out: zipfile.ZipFile, place: str, file: HandinFile, cleaner: Cleaner | None) -> list[str]:
    """Without what names its author, where names are hidden; the place of one from which that cannot be taken."""
    data = None
    with file.file.storage.open(file.file.name) as content:
        if cleaner is not None:
            data = cleaner.cleaned(content, media_type=file.media_type, size=file.size)
            content.seek(0)
        if data is not None:
            out.writestr(place, data)
            return []
        with out.open(place, "w", force_zip64=True) as into:
            while piece := content.read(PIECE):
                into.write(piece)
    return [] if cleaner is None else [place]


def _name(row: Round, file: HandinFile) -> str:
    return neutral_name(file) if row.hides_names else file.name


def _pieces(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while piece := packed.read(PIECE):
            yield piece


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def worksheet(request: HttpRequest, slug: str) -> HttpResponse:
    """A sheet is looked at first: what each line would do, and every one that is wrong. ``do=apply`` gives the marks."""
    found, by = _assignment(request, slug), actor(request)
    form, sheet, text = SheetForm(request.POST or None, request.FILES or None), None, ""
    if request.method == "POST" and form.is_valid():
        data = form.data_of()
        if request.POST.get("do") == "apply":
            sheet = worksheet_apply(assignment=found, data=data, by=by)
            if not sheet.problems and sheet.lines:
                count = len(sheet.lines)
                said = ngettext("%(n)s mark given. Release it next.", "%(n)s marks given. Release them next.", count)
                messages.success(request, said % {"n": count})
                return redirect(f"/reviewing/?state=marked&of={slug}")
        else:
            sheet = worksheet_look(assignment=found, data=data, by=by)
        if not sheet.lines and not sheet.problems:
            sheet.problems.append(Problem(0, gettext("Nothing is filled in.")))
        text = data.decode("utf-8-sig", errors="replace")
    context = {
        "assignment": found, "form": form, "sheet": sheet, "text": text, "waiting": len(_rounds(request, found)),
    }  # fmt: skip
    status = 400 if form.errors or (sheet and sheet.problems) else 200
    return render(request, "handins/worksheet.html", context, status=status)
