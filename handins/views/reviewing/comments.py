"""Saved comments on a page of their own: searched, written, changed, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element
from ecosystem.people_views.reading import actor
from ecosystem.powers import administers
from ecosystem.uids import uid_of
from handins.access import may_review, may_share
from handins.forms.commenting import SavedCommentForm
from handins.selectors.comments import comments_for, comments_found
from handins.selectors.queue import assignments_reviewed
from handins.services.comments import comment_drop, comment_keep, comment_set

PER_PAGE = 50


def saved_comment_form(request: HttpRequest, data: object = None, *, is_new: bool = True) -> SavedCommentForm:
    """Without what cannot be chosen: sharing by who may not, and another assignment once it is kept."""
    by = actor(request)
    form = SavedCommentForm(data)  # type: ignore[arg-type]
    if is_new:
        of = assignments_reviewed(by).values("element_id")
        form.fields["of"].queryset = Element.objects.filter(pk__in=of).order_by("title", "pk")
    else:
        del form.fields["of"]
    if not may_share(by):
        del form.fields["is_shared"]
    return form


@requires(may_review)
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest) -> HttpResponse:
    """The list; a post keeps a new one, or with ``do`` = ``set:`` or ``drop:`` and its uid changes or deletes one."""
    by, wish = actor(request), request.POST.get("do", "keep")
    form = saved_comment_form(request)
    if request.method == "POST":
        form = saved_comment_form(request, request.POST, is_new=wish == "keep")
        if wish.startswith("drop:") or form.is_valid():
            try:
                messages.success(request, _done(request, wish, form))
                return redirect("reviewing:comments")
            except EcosystemError as refusal:
                form.add_error(None, str(refusal)) if form.is_valid() else messages.error(request, str(refusal))
    q = request.GET.get("q", "")[:200]
    page = Paginator(comments_found(comments_for(by), q), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "q": q, "form": form, "me": by.person_id, "may_drop": administers(by), "may_share": may_share(by),
        "query": urlencode({"q": q}) if q else "",
    }  # fmt: skip
    return render(request, "handins/comments.html", context, status=400 if form.errors else 200)


def _done(request: HttpRequest, wish: str, form: SavedCommentForm) -> str:
    by = actor(request)
    said = form.cleaned_data if form.is_valid() else {}
    if wish == "keep":
        comment_keep(words=said["words"], element=said["of"], is_shared=said.get("is_shared", False), by=by)
        return _("Saved.")
    found = comments_for(by).filter(uid=uid_of(wish.partition(":")[2])).first()
    if found is None:
        raise Http404
    if wish.startswith("drop:"):
        comment_drop(comment=found, by=by)
        return _("Deleted.")
    is_shared = said.get("is_shared", found.is_shared)
    comment_set(comment=found, words=said["words"], is_shared=is_shared, by=by)
    return _("Saved.")
