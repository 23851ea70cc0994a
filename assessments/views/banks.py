"""Question banks: for authors, and their pictures for whoever is asked."""

import re
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.bulk_words import ask_words, change_words, edit_words, move_words
from assessments.forms.banks import BankForm, BulkForm, wish_in
from assessments.importers.pictures import MEDIA_TYPES
from assessments.mathematics import formulas_in_a_line, has_formula
from assessments.models import BulkEdit, Difficulty, Picture, Question
from assessments.question_types.registry import QUESTION_TYPES
from assessments.selectors import bank_questions, banks_here
from assessments.selectors.banks import bank_facets, banks_to_move_to
from assessments.selectors.bulk_edits import Foreseen, change_foreseen, edits_to_undo
from assessments.selectors.holding import quizzes_to_fill
from assessments.services import bank_create
from assessments.services.bulk_edits import change_undo, questions_change
from assessments.services.moving import asking_of, move_check, questions_move, questions_put
from assessments.services.questions import MOST_AT_ONCE
from assessments.views.bank_access import actor, bank_of, is_ours, own_bank
from ecosystem import clock
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element
from ecosystem.rules import is_author, is_member
from ecosystem.slugs import slug_free

PER_PAGE = 50
JUST = timedelta(minutes=5)  # so long the way back stands open
_GAP = re.compile(r"\[\[\d{1,3}\]\]")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@requires(is_author)
def banks(request: HttpRequest) -> HttpResponse:
    return render(request, "assessments/banks.html", {"banks": banks_here()})


@requires(is_author)
def bank_new(request: HttpRequest) -> HttpResponse:
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        slug = slug_free(title=form.cleaned_data["title"], kind="question_bank")
        element = bank_create(slug=slug, creators=[actor(request)], **form.cleaned_data)
        return redirect("assessments:bank", element.slug)
    return render(request, "assessments/bank_new.html", {"form": form})


@requires(is_author)
def bank(request: HttpRequest, slug: str) -> HttpResponse:
    """Its questions, found by what is known of them."""
    element = bank_of(slug)
    wish = wish_in(request.GET)
    # The keys first: sorting thousands of whole rows for the sake of fifty took most of a search.
    keys = bank_questions(bank=element, wish=wish).values_list("pk", flat=True)
    page = Paginator(keys, PER_PAGE).get_page(request.GET.get("page"))
    found = Question.objects.select_related("objective").in_bulk(list(page.object_list))
    rows = [
        {"question": found[pk], "kind": QUESTION_TYPES[found[pk].type].label, "text": _in_a_list(found[pk])}
        for pk in page.object_list
    ]
    kept = {name: value for name, value in request.GET.items() if name != "page" and value}
    facets = bank_facets(bank=element)
    ours = is_ours(request, element)
    edits = edits_to_undo(bank=element) if ours else []
    context = {
        "bank": element,
        "rows": rows,
        "page": page,
        "wish": wish,
        "query": urlencode(kept),
        "kept": kept,
        "facets": facets,
        "types": [(key, QUESTION_TYPES[key].label) for key in facets.types if key in QUESTION_TYPES],
        "quizzes": quizzes_to_fill() if ours else [],
        "difficulties": Difficulty.choices,
        "ours": ours,
        "others": banks_to_move_to(bank=element) if ours else [],
        "edits": [(row, edit_words(row)) for row in edits],
        "just_changed": bool(edits) and edits[0].at > clock.now() - JUST,
    }
    return render(request, "assessments/bank.html", context)


def _in_a_list(question: Question) -> str:
    """What is asked, with a line where something is to be filled in, and formulas in one line."""
    text = _GAP.sub("____", question.text)
    return formulas_in_a_line(escape(text)) if has_formula(text) else text


@requires(is_author)
@require_POST
def bulk(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the ticked questions, or all that were found, after a look at how many these are."""
    element = own_bank(request, slug)
    form = BulkForm(request.POST, bank=element)
    back = redirect(f"{reverse('assessments:bank', args=[element.slug])}?{form.query}")
    if not form.is_valid():
        messages.error(request, " ".join(error for errors in form.errors.values() for error in errors))
        return back
    if not form.is_sure:
        return _foreseen(request, element, form)
    by, act = actor(request), form.cleaned_data["act"]
    facts = {"bank": element, "question_ids": form.chosen, "found": form.found, "by": by}
    try:
        if act == "move":
            count = questions_move(to=form.cleaned_data["to"], **facts).changed
        elif act == "quiz":
            count = questions_put(assessment=form.cleaned_data["quiz"], **facts).changed
        else:
            count = questions_change(change=form.change, **facts).changed
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
        return back
    messages.success(request, ngettext("%(n)s question changed.", "%(n)s questions changed.", count) % {"n": count})
    return back


def _foreseen(request: HttpRequest, element: Element, form: BulkForm) -> HttpResponse:
    """What changing all that were found would do."""
    act, over, refusal = form.cleaned_data["act"], 0, ""
    facts = {"bank": element, "question_ids": form.chosen}
    try:
        if act == "move":
            what = move_words(form.cleaned_data["to"].title)
            foreseen = Foreseen(move_check(to=form.cleaned_data["to"], **facts), 0)
        elif act == "quiz":
            what, asking = (
                ask_words(str(form.cleaned_data["quiz"])),
                asking_of(assessment=form.cleaned_data["quiz"], **facts),
            )
            foreseen, over = Foreseen(len(asking.ids), asking.already), asking.over
        else:
            what, foreseen = change_words(form.change), change_foreseen(change=form.change, **facts)
    except EcosystemError as refused:
        foreseen, refusal = Foreseen(0, 0), str(refused)
    context = {
        "bank": element,
        "act": act,
        "what": what,
        "foreseen": foreseen,
        "over": over,
        "refusal": refusal,
        "is_cut": len(form.chosen) == MOST_AT_ONCE,
        "sent": form.sent,
        "query": form.query,
    }
    return render(request, "assessments/bulk_check.html", context)


@requires(is_author)
@require_POST
def bulk_undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a change of many questions back."""
    element = own_bank(request, slug)
    edit = get_object_or_404(BulkEdit.objects.select_related("element"), element=element, pk=pk)
    try:
        count = change_undo(edit=edit, by=actor(request))
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    else:
        said = ngettext("%(n)s question is as it was.", "%(n)s questions are as they were.", count)
        messages.success(request, said % {"n": count})
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
