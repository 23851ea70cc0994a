"""Saved comments: kept, changed, shared, thrown away."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.models import Element, Membership
from ecosystem.powers import administers
from ecosystem.services.audit import audit
from handins.access import may_review, may_share
from handins.exceptions import HandinError
from handins.models import SavedComment
from handins.services.checking import words_checked

LONGEST, MOST = 2_000, 500


@transaction.atomic
def comment_keep(
    *, words: str, by: Membership, element: Element | None = None, is_shared: bool = False
) -> SavedComment:
    """Save words to use again; the same again (of the same assignment) is the one there is.

    Sharing is for who marks all work here, since everybody who marks then sees it.
    """
    if not may_review(by):
        raise HandinError(_("Only who marks work can do that."))
    words = _words(words)
    mine = SavedComment.objects.filter(person=by.person)
    same: SavedComment | None = mine.filter(words=words, element=element, is_shared=is_shared).first()
    if same is not None:
        return same
    if is_shared:
        _refuse_sharing(by)
    if mine.count() >= MOST:
        raise HandinError(_("You have %(most)s saved comments already. Delete some first.") % {"most": MOST})
    made: SavedComment = SavedComment.objects.create(
        environment_id=by.environment_id, person=by.person, element=element, is_shared=is_shared, words=words,
        saved_at=clock.now(),
    )  # fmt: skip
    if is_shared:
        audit(act="handin.comment_shared", by=by.person, target=made, after={"words": words})
    return made


@transaction.atomic
def comment_set(*, comment: SavedComment, words: str, is_shared: bool, by: Membership) -> SavedComment:
    """Change one's own. What was said with it before stays as it was said."""
    held: SavedComment = SavedComment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment.pk)
    if held.person_id != by.person_id:
        raise HandinError(_("Only who saved it can change it."))
    words = _words(words)
    if is_shared and not held.is_shared:
        _refuse_sharing(by)
    before = {"words": held.words, "shared": held.is_shared}
    after = {"words": words, "shared": is_shared}
    if before == after:
        return held
    held.words, held.is_shared, held.saved_at = words, is_shared, clock.now()
    held.save(update_fields=["words", "is_shared", "saved_at"])
    if before["shared"] or is_shared:
        audit(act="handin.comment_shared", by=by.person, target=held, before=before, after=after)
    return held


@transaction.atomic
def comment_drop(*, comment: SavedComment, by: Membership) -> None:
    """One's own, or a shared one for who administers. Twice is once."""
    held = SavedComment.objects.filter(pk=comment.pk).first()
    if held is None:
        return
    if held.person_id != by.person_id:
        if not (held.is_shared and administers(by)):
            raise HandinError(_("Only who saved it can delete it."))
        audit(act="handin.comment_dropped", by=by.person, target=held, before={"words": held.words})
    held.delete()


def _refuse_sharing(by: Membership) -> None:
    if not may_share(by):
        raise HandinError(_("Only who marks all work here can share comments."))


def _words(said: str) -> str:
    if not (words := words_checked(said=said, most=LONGEST)):
        raise HandinError(_("Write what the comment says."))
    return words
