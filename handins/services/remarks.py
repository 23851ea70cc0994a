"""Remarks about places of the work, given before or with the mark; the learner has them once it is released."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.documents import PDF
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import HandinFile, Remark, Round, RoundState
from handins.services.checking import words_checked
from handins.services.feedback_files import reviewed_round_held
from handins.services.pages import page_kept
from handins.services.reviewing import review_begin

HALF_A_PLACE = gettext_lazy("A place is said by how far it is from the left and from the top of the page.")
LONGEST, LONGEST_QUOTE, MOST = 2_000, 1_000, 200
LAST_PAGE = 2_000  # that a remark may stand on; a page is shown as a picture up to an earlier one


@transaction.atomic
def remark_add(
    *,
    round: Round,
    words: str,
    by: Membership,
    quote: str = "",
    start: int | None = None,
    file: HandinFile | None = None,
    page: int | None = None,
    x: float | None = None,
    y: float | None = None,
) -> Remark:
    """About ``quote``, at ``start`` or else where it first stands in the text; or about ``page`` of a PDF, all of it or the
    place at ``x`` and ``y`` (shares of its width and height).

    The review has begun with it. Refuses words that are not there, pages of what has none, and a remark without words.
    """
    _refuse_half_a_place(x, y)  # or each would have the page made
    if x is not None and file is not None and page is not None:
        page_kept(file=file, number=page, by=by)  # before anything is held: it takes its time
    held = reviewed_round_held(round=round, by=by)
    if held.state == RoundState.RETURNED:
        raise HandinError(_("The feedback is released. Correct the mark to say more."))
    words, quote = words_checked(said=words, most=LONGEST), words_checked(said=quote, most=LONGEST_QUOTE)
    if not words:
        raise HandinError(_("Write what you want to say about it."))
    if Remark.objects.filter(round=held).count() >= MOST:
        raise HandinError(_("There are %(most)s remarks already.") % {"most": MOST})
    place = _page(held, file, page, x, y) if file is not None else _words(held, quote, start)
    review_begin(round=held, by=by)
    made: Remark = Remark.objects.create(
        environment_id=held.environment_id,
        round=held,
        person_id=held.person_id,
        by=by.person,
        words=words,
        at=clock.now(),
        **place,
    )
    audit(act="handin.remarked", by=by.person, target=held, after={"round": held.number})
    return made


@transaction.atomic
def remark_remove(*, remark: Remark, by: Membership) -> None:
    """Take one's own back, as long as the learner has not had it. Twice is once."""
    held = reviewed_round_held(round=remark.round, by=by)
    if held.state == RoundState.RETURNED:
        raise HandinError(_("The learner has it already."))
    Remark.objects.filter(round=held, pk=remark.pk, by=by.person).delete()


def _words(held: Round, quote: str, start: int | None) -> dict[str, object]:
    if not quote:
        raise HandinError(_("Choose the words that it is about."))
    if start is None or held.text[start : start + len(quote)] != quote:
        start = held.text.find(quote)
    if start < 0:
        raise HandinError(_("These words are not in the text. Copy them from it."))
    return {"start": start, "quote": quote}


def _page(held: Round, file: HandinFile, page: int | None, x: float | None, y: float | None) -> dict[str, object]:
    if file.round_id != held.pk or file.media_type != PDF:
        raise HandinError(_("Only a PDF has pages."))
    if page is None or not 1 <= page <= LAST_PAGE:
        raise HandinError(_("Say which page."))
    return {"file": file, "page": page, "x": x, "y": y}


def _refuse_half_a_place(x: float | None, y: float | None) -> None:
    if (x is None) != (y is None) or not (0 <= (x or 0) <= 1 and 0 <= (y or 0) <= 1):
        raise HandinError(HALF_A_PLACE)
