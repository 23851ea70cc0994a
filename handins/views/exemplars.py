"""Examples of good work: asked for, agreed to, looked at."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.gates import closed_page
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_member
from ecosystem.serving import stored_file
from handins.access import may_review
from handins.anonymity import neutral_name
from handins.models import Exemplar, HandinFile
from handins.selectors.exemplars import exemplars_for
from handins.services.exemplars import exemplar_answer, exemplar_ask
from handins.views.nameless import nameless_download
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_http_methods(["POST"])
def ask(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask the learner of a round whether it may be an example."""
    by = actor(request)
    found = reviewed_round(request, uid)
    try:
        exemplar_ask(round=found, by=by)
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("They are asked. You are told what they say."))
    return redirect("reviewing:round", uid)


@requires(is_member)
@require_http_methods(["POST"])
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Yes with the name, yes without, or no: ``do=name``, ``do=nameless``, ``do=no``. Any of them at any time."""
    by = actor(request)
    rows = Exemplar.objects.select_related("element").filter(person_id=by.person_id)
    found = rows.filter(uid=uid).first()
    if found is None:
        raise Http404
    wish = request.POST.get("do", "no")
    exemplar_answer(exemplar=found, agrees=wish in {"name", "nameless"}, with_name=wish == "name", by=by)
    messages.success(request, _("Thank you. You can change it here at any time."))
    return redirect("handins:work", found.element.slug)


@requires(is_member)
@require_safe
def exemplar(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = _shown(request, uid)
    if closed := closed_page(request, found.element):
        return closed
    files = list(HandinFile.objects.filter(round=found.round).order_by("pk"))
    for file in files if not found.credit else ():
        file.name = neutral_name(file)  # not to be saved
    return render(request, "handins/exemplar.html", {"exemplar": found, "files": files})


@requires(is_member)
@require_safe
def exemplar_file(request: HttpRequest, uid: UUID, number: int) -> HttpResponseBase:
    """The ``number``-th of its files, from 1."""
    found = _shown(request, uid)
    if closed := closed_page(request, found.element):
        return closed
    files = list(HandinFile.objects.filter(round=found.round).order_by("pk"))
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    if not found.credit:
        return nameless_download(request, file, back=reverse("handins:exemplar", args=[uid]))
    return stored_file(request, file.file, media_type=file.media_type, name=file.name, as_attachment=True)


def _shown(request: HttpRequest, uid: UUID) -> Exemplar:
    found = exemplars_for(actor(request)).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found
