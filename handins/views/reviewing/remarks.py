"""Remarks about places of the work, for whoever gives feedback."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ecosystem.access import requires
from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.uids import uid_of
from handins.access import may_review
from handins.files.pictures import MOST_PAGES_SHOWN
from handins.forms.commenting import RemarkForm
from handins.models import HandinFile, Remark, Round
from handins.selectors.comments import comments_for
from handins.services.comments import comment_keep
from handins.services.remarks import remark_add, remark_remove
from handins.views.reviewing.reviewed import reviewed_round


@requires(may_review)
@require_http_methods(["POST"])
def remarks(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Add one, or take one of one's own back (``do=remove:`` with its uid), or save its words to use again (``do=keep:``)."""
    found = reviewed_round(request, uid)
    try:
        _done(request, found)
    except EcosystemError as refusal:
        request.undo = True  # type: ignore[attr-defined]
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    page, number = uid_of(request.POST.get("on", "")), request.POST.get("page", "")
    if (
        page is not None and number.isdecimal() and len(number) < 5 and 1 <= int(number) <= MOST_PAGES_SHOWN
    ):  # from a page shown as a picture, back to it
        return redirect("reviewing:page", page, int(number))
    return redirect(f"/reviewing/{uid}/#remarks")


def _done(request: HttpRequest, found: Round) -> None:
    by, wish = actor(request), request.POST.get("do", "add")
    if wish.startswith("remove:"):
        gone = Remark.objects.filter(round=found, uid=uid_of(wish.removeprefix("remove:"))).first()
        if gone is not None:
            remark_remove(remark=gone, by=by)
        return
    if wish.startswith("keep:"):
        kept = Remark.objects.filter(round=found, by=by.person, uid=uid_of(wish.removeprefix("keep:"))).first()
        if kept is not None:
            comment_keep(words=kept.words, element=found.element, by=by)
        return
    form = RemarkForm(request.POST)
    if not form.is_valid():
        raise EcosystemError(next(iter(form.errors.values()))[0])
    said = {name: value for name, value in form.cleaned_data.items() if name not in ("left", "top")} | form.place()
    if (uid := said.pop("saved")) is not None and (saved := comments_for(by).filter(uid=uid).first()) is not None:
        said["words"] = f"{said['words']}\n{saved.words}".strip()
    said["file"] = HandinFile.objects.filter(round=found, uid=said["file"]).first() if said["file"] else None
    remark_add(round=found, by=by, **said)
