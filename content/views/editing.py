"""Where authors write pages."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.exceptions import PageChangedError
from content.forms.pages import PageForm, PictureForm
from content.models import Page, PageVersion
from content.selectors import MADE_HERE, help_counts, made_here, own_page, parts_shown, versions_of
from content.services import image_add, page_create, page_restore, page_save
from content.words import MOST_CHARACTERS, difference
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Person, Visibility
from ecosystem.registry import element_kinds
from ecosystem.rules import is_author
from ecosystem.slugs import slug_free

PER_PAGE = 30
# A task is text too; courses show it, with what its learner and their guide say.
WRITTEN = ("page", "job_aid", "checklist", "task")
TICKED = ("job_aid", "checklist")


@requires(is_author)
def index(request: HttpRequest) -> HttpResponse:
    """Everything that was made here, newest change first."""
    words = request.GET.get("q", "").strip()[:200].replace("\x00", "")
    kind = request.GET.get("kind", "")
    page = Paginator(made_here(kind=kind, words=words), PER_PAGE).get_page(request.GET.get("page"))
    counts = help_counts(element_ids=[row.pk for row in page.object_list])
    rows = [{"element": row, "kind": element_kinds[row.kind], "helped": counts.get(row.pk)} for row in page.object_list]
    context = {
        "rows": rows,
        "page": page,
        "q": words,
        "kind": kind,
        "kinds": [element_kinds[key] for key in MADE_HERE],
        "query": urlencode({name: value for name, value in (("q", words), ("kind", kind)) if value}),
    }
    return render(request, "content/list.html", context)


def page_new(request: HttpRequest, kind: str) -> HttpResponse:
    """What ``making.new`` shows for what is written."""
    here = request.environment  # type: ignore[attr-defined]
    first = {"language": here.language, "visibility": Visibility.PRIVATE, "minutes": 5}
    form = PageForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            return _editor(request, None, kind, form, looked=True)
        try:
            made = page_create(
                kind=kind, markdown=form.cleaned_data["markdown"], creators=[_person(request)], by=_person(request),
                slug=slug_free(title=form.cleaned_data["title"], kind=kind), **form.facts,
            )  # fmt: skip
        except EcosystemError as refusal:
            form.add_error("markdown", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("content:edit", slug=made.element.slug)
    return _editor(request, None, kind, form)


def page_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What ``making.edit`` shows for what is written. ``look`` shows the text as it would be, ``picture`` adds a picture to it; neither saves it."""
    page = own_page(slug=slug)
    form = PageForm(request.POST or None, initial=_facts(page))
    if request.method != "POST":
        return _editor(request, page, page.element.kind, form)
    if "picture" in request.POST:
        return _add_picture(request, page)
    if not form.is_valid() or "look" in request.POST:
        return _editor(request, page, page.element.kind, form, looked=form.is_valid())
    base = form.cleaned_data["base"] or 0
    try:
        page_save(page=page, base=base, markdown=form.cleaned_data["markdown"], by=_person(request), **form.facts)
    except PageChangedError as refusal:
        return _changed_meanwhile(request, page, form, refusal)
    except EcosystemError as refusal:
        form.add_error("markdown", str(refusal))
        return _editor(request, page, page.element.kind, form)
    messages.success(request, _("Saved."))
    return redirect("content:edit", slug=slug)


def _changed_meanwhile(request: HttpRequest, page: Page, form: PageForm, refusal: PageChangedError) -> HttpResponse:
    """Both texts are there: what the other saved, and one's own in the form, which can be saved over it."""
    newest = versions_of(page=page).first()
    data = request.POST.copy()
    data["base"] = str(refusal.revision)
    again = PageForm(data)
    again.is_valid()
    conflict = {
        "says": str(refusal),
        "version": newest,
        "lines": difference(page.markdown, form.cleaned_data["markdown"].replace("\r\n", "\n")),
    }
    return _editor(request, page, page.element.kind, again, conflict=conflict, status=409)


def _add_picture(request: HttpRequest, page: Page) -> HttpResponse:
    """After the paragraph in which the cursor stood, else at the end."""
    pictures = PictureForm(request.POST, request.FILES)
    data = request.POST.copy()
    PageForm(data)
    if pictures.is_valid():
        file = pictures.cleaned_data["image"]
        try:
            words = image_add(
                page=page, name=file.name or "", data=file.read(), says=pictures.cleaned_data["image_says"]
            )
        except EcosystemError as refusal:
            pictures.add_error("image", str(refusal))
        else:
            text = data.get("markdown", "").replace("\r\n", "\n")
            at = data.get("cursor", "")
            place = text.find("\n\n", int(at) if at.isascii() and at.isdigit() and len(at) < 8 else len(text))
            place = place if place >= 0 else len(text)
            data["markdown"] = f"{text[:place].rstrip()}\n\n{words}\n\n{text[place:].lstrip()}".strip() + "\n"
            messages.success(request, _("The picture is in the text. Save to keep it there."))
            pictures = PictureForm()
    return _editor(request, page, page.element.kind, PageForm(data), pictures=pictures)


def _editor(
    request: HttpRequest,
    page: Page | None,
    kind: str,
    form: PageForm,
    *,
    looked: bool = False,
    pictures: PictureForm | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    text = form["markdown"].value() or ""
    context = {
        "page": page,
        "kind": element_kinds[kind],
        "form": form,
        "pictures": pictures or PictureForm(),
        "conflict": conflict,
        "looked": looked,
        "ticks": kind in TICKED,
        "parts": parts_shown(text) if text and len(text) <= MOST_CHARACTERS else [],
    }
    return render(request, "content/edit.html", context, status=status)


@requires(is_author)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The text as it would be shown, for the page beside which it is written. Saves nothing."""
    text = request.POST.get("markdown", "")[:MOST_CHARACTERS]
    return render(request, "content/_text.html", {"parts": parts_shown(text)})


@requires(is_author)
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    page = own_page(slug=slug)
    shown = Paginator(versions_of(page=page), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "content/versions.html", {"page": page, "shown": shown})


@requires(is_author)
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version, and what it changed."""
    page = own_page(slug=slug)
    found = _version(page, number)
    before = versions_of(page=page).filter(number__lt=number).first()
    context = {
        "page": page,
        "version": found,
        "before": before,
        "lines": difference(before.markdown, found.markdown) if before else None,
        "parts": parts_shown(found.markdown),
    }
    return render(request, "content/version.html", context)


@requires(is_author)
@require_POST
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    page = own_page(slug=slug)
    found = _version(page, number)
    try:
        page_restore(page=page, number=found.number, base=page.revision, by=_person(request))
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version %(number)s is back, as the newest one.") % {"number": number})
    return redirect("content:edit", slug=slug)


def _version(page: Page, number: int) -> PageVersion:
    found = versions_of(page=page).filter(number=number).first() if number < 2**31 else None
    if found is None:
        raise Http404
    return found


def _facts(page: Page) -> dict[str, Any]:
    element = page.element
    names = ("title", "summary", "language", "minutes", "tags", "visibility")
    return {name: getattr(element, name) for name in names} | {"markdown": page.markdown, "base": page.revision}


def _person(request: HttpRequest) -> Person:
    return request.membership.person  # type: ignore[attr-defined]
