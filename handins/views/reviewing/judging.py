"""What the form of a mark does, as its button says: a mark, one of two, or the one that both stand for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from ecosystem.models import Membership
from handins.models import Round, RoundState
from handins.selectors.double import Double
from handins.services import mark_give, rounds_release
from handins.services.double import independent_mark_give, marks_agree

AVERAGE = "average"


def mark_taken(*, round: Round, by: Membership, facts: dict[str, Any], double: Double | None, release: bool) -> str:
    """Do it, and say what was done."""
    if double is not None:
        if not double.is_both:
            independent_mark_give(round=round, by=by, **facts)
            return _("Your mark is in. You see the other's once both are.")
        marks_agree(round=round, by=by, **facts)
        return _("Agreed. The learner sees it once you release it.")
    mark = mark_give(round=round, by=by, **facts)
    if mark.because:
        return _("Corrected. The learner is told why.")
    if mark.round.state == RoundState.CHECKING:
        return _("Marked. Somebody else looks at the mark before its release.")
    if release:
        rounds_release(rounds=[round], by=by)
        return _("Released. The learner is told.")
    return _("Marked. The learner sees it once you release it.")
