"""One question for its authors: as learners see it, written, changed, and its versions."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.exceptions import AssessmentError, QuestionError
from assessments.importers.results import QuestionRefusedError
from assessments.models import Question, QuestionVersion
from assessments.question_forms import SHEETS, QuestionForm, Sheet
from assessments.question_forms.common import MediaForm, filled
from assessments.question_types.registry import QUESTION_TYPES, question_type
from assessments.selectors import version_shown, with_pictures
from assessments.selectors.banks import affected_by, makers_of_question
from assessments.selectors.differences import differences
from assessments.services.pictures import media_add, picture_add
from assessments.services.questions import question_write
from assessments.texts import with_media
from assessments.views.bank_access import actor, bank_of, is_ours, own_bank, question_of
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.markup import ATTACHMENT_SCHEME
from ecosystem.models import Element
from ecosystem.rules import is_author

MORE_ROWS, MOST_ROWS = 3, 60


@requires(is_author)
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The question as a learner meets it, what is right, and who made it."""
    bank = bank_of(slug)
    row = question_of(bank, pk)
    version = QuestionVersion.objects.get(question=row, number=row.newest)
    kind = question_type(version.type)
    context = {
        "bank": bank,
        "row": row,
        "version": version,
        "kind": kind.label,
        "question": version_shown(version),
        "right": [with_pictures(text) for text in kind.reveal(version.body, None)["right"]],
        "why": with_pictures(version.feedback),
        "makers": makers_of_question(question=row),
        "affected": affected_by(question=row),
        "ours": is_ours(request, bank),
    }
    return render(request, "assessments/bank_question.html", context)


@requires(is_author)
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose a type, then write."""
    bank = own_bank(request, slug)
    key = request.GET.get("type", "")
    if key not in SHEETS:
        types = [(key, kind.label) for key, kind in QUESTION_TYPES.items()]
        return render(request, "assessments/question_new.html", {"bank": bank, "types": types})
    return _written(request, bank, key, None)


@requires(is_author)
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    bank = own_bank(request, slug)
    row = question_of(bank, pk)
    return _written(request, bank, row.type, row)


@requires(is_author)
def versions(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Every version, the newest first, each with what it changed."""
    bank = bank_of(slug)
    row = question_of(bank, pk)
    rows = list(QuestionVersion.objects.filter(question=row).order_by("number"))
    shown = [
        {"version": version, "differences": differences(before, version) if before else []}
        for before, version in zip([None, *rows], rows, strict=False)
    ]
    return render(request, "assessments/question_versions.html", {"bank": bank, "row": row, "shown": shown[::-1]})


def _written(request: HttpRequest, bank: Element, key: str, row: Question | None) -> HttpResponse:
    """The form, and what its buttons do: save, look at it, more rows."""
    sheet, data, media = SHEETS[key], request.POST.copy(), MediaForm()
    # A file that was chosen and not put into the question yet goes along when it is saved.
    if "media_add" in data or ("save" in data and "media" in request.FILES):
        media = _media_added(request, bank, data)
    form, options, rows = _forms(request, bank, sheet, row, data)
    preview = None
    if (
        request.method == "POST"
        and not {"more", "media_add"} & set(request.POST)
        and not media.errors
        and all([form.is_valid(), options.is_valid(), rows is None or rows.is_valid()])
    ):
        found = _content(sheet, form, options, rows, key, bank=bank, keep="save" in request.POST)
        if isinstance(found, str):
            form.add_error(None, found)
        elif "save" not in request.POST:
            preview = version_shown(QuestionVersion(**found["asked"]))
        else:
            saved = _saved(request, bank, row, key, found, form)
            if saved is not None:
                return saved
    context = {
        "bank": bank,
        "row": row,
        "key": key,
        "kind": question_type(key).label,
        "sheet": sheet,
        "form": form,
        "options": options,
        "rows": rows,
        "question": preview,
        "media": media,
        "affected": affected_by(question=row) if row else None,
    }
    return render(request, "assessments/question_edit.html", context)


def _media_added(request: HttpRequest, bank: Element, data: QueryDict) -> MediaForm:
    """The file is kept in the bank, and named at the end of what is asked; nothing else is saved."""
    form = MediaForm(request.POST, request.FILES)
    if not form.is_valid():
        return form
    try:
        kept = media_add(bank=bank, upload=form.cleaned_data["media"])
    except AssessmentError as refusal:
        form.add_error("media", str(refusal))
        return form
    kind, says = kept.media_type.partition("/")[0], form.cleaned_data["media_says"]
    data["stem"] = with_media(
        data.get("stem", "").replace("\r\n", "\n"), kind=kind, address=f"{ATTACHMENT_SCHEME}:{kept.sha256}", says=says
    )
    if "save" not in data:
        messages.success(request, _("It is in the question. Save to keep it there."))
    return MediaForm()


def _forms(
    request: HttpRequest, bank: Element, sheet: Sheet, row: Question | None, data: QueryDict
) -> tuple[QuestionForm, Any, Any]:
    rows_class = (
        forms.formset_factory(sheet.row, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS) if sheet.row else None
    )
    if request.method == "POST":
        if "more" in data and rows_class:
            count = data.get("rows-TOTAL_FORMS", "0")
            data["rows-TOTAL_FORMS"] = str(
                min(int(count) + MORE_ROWS if count.isdecimal() and len(count) < 5 else MORE_ROWS, MOST_ROWS)
            )
        made = rows_class(data, prefix="rows") if rows_class else None
        return QuestionForm(data, bank=bank), sheet.options(data, request.FILES), made
    begin, options, given = {}, {}, list[dict[str, Any]]()
    if row is not None:
        version = QuestionVersion.objects.get(question=row, number=row.newest)
        begin = filled(row, version)
        begin["stem"], options, given = sheet.filled(version.body, version.stem)
    initial = [*given, *({} for _more in range(MORE_ROWS if given else MORE_ROWS + 1))]
    made = rows_class(initial=initial, prefix="rows") if rows_class else None
    return QuestionForm(initial=begin, bank=bank), sheet.options(initial=options), made


def _content(sheet: Sheet, form: QuestionForm, options: Any, rows: Any, key: str, *, bank: Element, keep: bool) -> Any:
    """What was filled in, checked by its type; or why it cannot be asked, in words."""
    given = dict(options.cleaned_data)
    upload = given.pop("upload", None)
    try:
        if upload is not None:
            given |= picture_add(bank=bank, upload=upload, keep=keep)
        text = form.cleaned_data["stem"]
        body = sheet.body(text, given, [one.cleaned_data for one in rows or [] if one.is_there])
        stem = sheet.stem(text, body)
    except (QuestionRefusedError, EcosystemError) as refused:
        return str(refused)
    problems = question_type(key).validate(body)
    asked = {"type": key, "stem": stem, "body": body, "hints": form.content["hints"]}
    return " ".join(problems) if problems else {"asked": asked}


def _saved(
    request: HttpRequest, bank: Element, row: Question | None, key: str, found: dict[str, Any], form: QuestionForm
) -> HttpResponse | None:
    asked = found["asked"]
    before = row.newest if row else 0
    source = row.source if row else None
    try:
        version = question_write(
            bank=bank, by=actor(request), question=row, type=key, stem=asked["stem"], body=asked["body"], source=source,
            **form.content,
        )  # fmt: skip
    except (QuestionError, AssessmentError) as refusal:
        form.add_error(None, str(refusal))
        return None
    if version.number > max(before, 1):
        people = affected_by(question=version.question).people
        said = _("Saved as version %(number)s.") % {"number": version.number}
        if people:
            said += " " + ngettext(
                "%(n)s person answered an earlier version; their answer and mark stay as they are.",
                "%(n)s people answered an earlier version; their answers and marks stay as they are.",
                people,
            ) % {"n": people}
        messages.success(request, said)
    else:
        messages.success(request, _("Saved."))
    return redirect("assessments:bank-question", bank.slug, version.question_id)
