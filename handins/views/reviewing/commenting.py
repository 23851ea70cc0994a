"""Saved comments on the page of a mark: put into what is typed, or kept from it. No mark is given with that."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.people_views.reading import actor
from ecosystem.uids import uid_of
from handins.selectors.comments import comments_for
from handins.services.comments import comment_keep

INSERT, KEEP = "insert:", "keep"


def is_about_comments(request: HttpRequest) -> bool:
    wish = request.POST.get("do", "")
    return wish == KEEP or wish.startswith(INSERT)


def aside_taken(request: HttpRequest, given: dict[str, object]) -> dict[str, object]:
    """What was typed, to go on with; ``do=insert:`` puts a saved comment behind it, ``do=keep`` saves the feedback as one."""
    if not is_about_comments(request):
        return given
    typed: dict[str, object] = {**given, **request.POST.dict()}
    words, wish, by = str(typed.get("comment") or "").rstrip(), request.POST["do"], actor(request)
    if wish == KEEP:
        try:
            comment_keep(words=words, by=by)
            messages.success(request, _("Saved as a comment."))
        except EcosystemError as refusal:
            messages.error(request, str(refusal))
        return typed
    saved = comments_for(by).filter(uid=uid_of(wish.removeprefix(INSERT))).first()
    if saved is not None:
        typed["comment"] = f"{words}\n{saved.words}" if words else saved.words
    return typed
