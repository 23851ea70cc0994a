"""Where authors make and change what is no text: files, links, videos, packages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from content.forms.things import DocumentForm, LinkForm, PackageForm, ThingForm, VideoForm
from content.models import Document, Link, Package, Video
from content.selectors import own_element, own_row
from content.services import (
    document_create,
    document_save,
    link_create,
    link_save,
    package_create,
    package_save,
    video_create,
    video_save,
)
from content.views import editing
from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Visibility
from ecosystem.registry import element_kinds
from ecosystem.rules import is_author
from ecosystem.slugs import slug_free

FACTS = ("title", "summary", "language", "minutes", "tags", "visibility")


@dataclass(frozen=True)
class Maker:
    """How a kind is made and changed; ``named`` is what the service calls the row."""

    form: type[ThingForm]
    model: Any
    named: str
    create: Callable[..., Any]
    save: Callable[..., Any]
    shown: Callable[[Any], dict[str, Any]] = lambda row: {}


MAKERS = {
    "file": Maker(DocumentForm, Document, "document", document_create, document_save),
    "link": Maker(LinkForm, Link, "link", link_create, link_save, lambda row: {"url": row.element.url}),
    "video": Maker(
        VideoForm, Video, "video", video_create, video_save,
        lambda row: {"no_captions_because": row.no_captions_because},
    ),
    "package": Maker(PackageForm, Package, "package", package_create, package_save),
}  # fmt: skip


@requires(is_author)
def choose(request: HttpRequest) -> HttpResponse:
    kinds = [element_kinds[key] for key in (*editing.WRITTEN, *MAKERS)]
    return render(request, "content/new.html", {"kinds": kinds})


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    if kind in editing.WRITTEN:
        return editing.page_new(request, kind)
    if kind not in MAKERS:
        raise Http404
    here = request.environment  # type: ignore[attr-defined]
    first = {"language": here.language, "visibility": Visibility.PRIVATE, "minutes": 5}
    form = MAKERS[kind].form(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        person = request.membership.person  # type: ignore[attr-defined]
        slug = slug_free(title=form.cleaned_data["title"], kind=kind)
        try:
            made = MAKERS[kind].create(creators=[person], slug=slug, **form.facts, **form.content)
        except EcosystemError as refusal:
            form.add_error(_place(form), str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("content:edit", slug=made.element.slug)
    return _page(request, kind, form, None)


@requires(is_author)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    element = own_element(slug=slug)
    if element.kind in editing.WRITTEN:
        return editing.page_edit(request, slug)
    if element.kind not in MAKERS:
        raise Http404
    maker = MAKERS[element.kind]
    row = own_row(maker.model, element=element)
    first = {name: getattr(element, name) for name in FACTS} | maker.shown(row)
    form = maker.form(request.POST or None, request.FILES or None, initial=first, is_new=False)
    if request.method == "POST" and form.is_valid():
        wish = {maker.named: row, "by": request.membership.person, **form.facts, **form.content}  # type: ignore[attr-defined]
        try:
            maker.save(**wish)
        except EcosystemError as refusal:
            request.undo = True  # type: ignore[attr-defined]
            form.add_error(_place(form), str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("content:edit", slug=slug)
    return _page(request, element.kind, form, row)


def _place(form: ThingForm) -> str | None:
    """The field that a refusal is about: the file, or the address."""
    return next((name for name in ("upload", "url") if name in form.fields), None)


def _page(request: HttpRequest, kind: str, form: ThingForm, row: Any) -> HttpResponse:
    own = [form[name] for name in form.fields if name not in FACTS]
    show = element_kinds[kind].href(row.element) if row else ""
    context = {"kind": element_kinds[kind], "form": form, "own": own, "row": row, "show": show}
    return render(request, "content/make.html", context)
