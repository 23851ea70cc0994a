"""Who does not mark whom: said by whoever marks, recorded and ended by whoever looks after people."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.rules import Either, is_manager
from handins.access import may_review
from handins.forms.commenting import ConflictForm
from handins.selectors.conflicts import conflicts_for
from handins.selectors.queue import markers_here
from handins.services.conflicts import conflict_declare, conflict_end, conflict_record
from handins.views.reviewing.reviewed import reviewed_round

PER_PAGE = 50


@requires(Either(may_review, is_manager))
@require_http_methods(["GET", "HEAD", "POST"])
def conflicts(request: HttpRequest) -> HttpResponse:
    """One's own, or those of everybody; a post records one, for whoever looks after people."""
    by = actor(request)
    may_record = is_manager(by)
    form = ConflictForm(request.POST or None, markers=list(markers_here())) if may_record else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid():
            said = form.cleaned_data
            try:
                conflict_record(marker=said["marker"], person=said["email"], because=said["because"], by=by)
            except EcosystemError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, gettext("Recorded. The work is out of their queue."))
                return redirect("reviewing:conflicts")
    page = Paginator(conflicts_for(by), PER_PAGE).get_page(request.GET.get("page"))
    status = 400 if form is not None and form.errors else 200
    return render(
        request, "handins/conflicts.html", {"page": page, "form": form, "reviews": may_review(by)}, status=status
    )


@requires(is_manager)
@require_http_methods(["POST"])
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    by = actor(request)
    found = conflicts_for(by).filter(uid=uid).first()
    if found is None:
        raise Http404
    try:
        conflict_end(conflict=found, by=by)
    except EcosystemError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("They may mark this work again."))
    return redirect("reviewing:conflicts")


@requires(may_review)
@require_http_methods(["POST"])
def declare(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Leave this work to somebody else; from now on it is not found here."""
    found = reviewed_round(request, uid)
    try:
        conflict_declare(round=found, because=request.POST.get("because", ""), by=actor(request))
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
        return redirect("reviewing:round", uid)
    messages.success(request, gettext("Thank you. Somebody else marks it."))
    return redirect("reviewing:queue")
