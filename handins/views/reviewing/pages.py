"""A page of a handed-in PDF as a picture, with the remarks on it, for whoever gives feedback."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ecosystem.access import requires
from ecosystem.documents import PDF
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from handins.access import may_review
from handins.forms.commenting import RemarkForm
from handins.models import RoundState
from handins.selectors import file_for
from handins.selectors.comments import comments_beside
from handins.selectors.remarks import Remarked, on_page
from handins.services.pages import page_kept
from handins.views.reviewing.reviewed import reviewed_round
from handins.views.reviewing.rounds import shown_to


@requires(may_review)
@require_safe
def page(request: HttpRequest, uid: UUID, number: int) -> HttpResponse:
    """``uid`` is that of the file. The picture is made when it is first asked for. What cannot be shown is said in words; remarks by number go on."""
    by = actor(request)
    file = file_for(by, uid=str(uid))
    if file is None or file.media_type != PDF or number < 1:
        raise Http404
    found = reviewed_round(request, file.round.uid)
    this = next(one for one in shown_to(request, found) if one.round == found)
    shown = next(one for one in this.files if one.pk == file.pk)
    kept, refusal = None, ""
    try:
        kept = page_kept(file=shown, number=number, by=by)
    except EcosystemError as refused:
        refusal = str(refused)
    remarked: Remarked = on_page(this.remarked, file_id=shown.pk, number=number)
    may_add = found.state != RoundState.RETURNED
    context = {
        "round": found, "file": shown, "number": number, "page": kept, "refusal": refusal, "remarked": remarked,
        "may_add": may_add, "me": by.person_id, "form": RemarkForm(initial={"file": shown.uid, "page": number}),
        "saved": comments_beside(by, element_id=found.element_id) if may_add else (),
        "is_last": kept is None or number >= kept.pages,
    }  # fmt: skip
    return render(request, "handins/page.html", context)
