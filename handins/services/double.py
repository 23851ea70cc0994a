"""Marking by two: each on their own, then the mark that both stand for."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ecosystem import clock
from ecosystem.models import Membership
from ecosystem.services.audit import audit
from handins.exceptions import HandinError
from handins.models import AgreedBy, Agreement, IndependentMark, Mark, Round, RoundState
from handins.selectors.double import is_within
from handins.services.locking import round_for_reviewer
from handins.services.reviewing import judgement, mark_keep, review_begin
from handins.services.telling import tell_marker


@transaction.atomic
def independent_mark_give(*, round: Round, by: Membership, **said: Any) -> IndependentMark:
    """One of the two marks, of which the other marker sees nothing until both are in. It stays as it is.

    ``said`` is what ``mark_give`` takes. Refuses a third mark, and a second of the same person.
    """
    held = round_for_reviewer(round=round, by=by)
    if held.state not in RoundState.waiting():
        raise HandinError(_("It was taken back, or has its mark already."))
    given = list(IndependentMark.objects.filter(round=held))
    if not (held.submission.assignment.is_double or given):
        raise HandinError(_("This is marked by one person."))
    if any(one.by_id == by.person_id for one in given):
        raise HandinError(_("Your mark is in already. It stays as it is until both are in."))
    if len(given) == 2:
        raise HandinError(_("Two have marked it already. Agree on the mark now."))
    review_begin(round=held, by=by)
    said.pop("because", None)
    made: IndependentMark = IndependentMark.objects.create(
        environment_id=held.environment_id,
        round=held,
        place=len(given) + 1,
        person_id=held.person_id,
        element_id=held.element_id,
        by=by.person,
        at=clock.now(),
        **judgement(held=held, **said),
    )
    # Without the score: who reads the log may be the other marker.
    audit(act="handin.independent_marked", by=by.person, target=held, after={"round": held.number})
    if given:
        _tell(held, given, "both", gettext_lazy("Both marks are in. Agree on one now."))
    return made


@transaction.atomic
def marks_average(*, round: Round, by: Membership) -> Mark:
    """The mark is the average of the two, where these are near enough and say the same about passing.

    Levels that both chose stay; about other criteria the comments speak.
    """
    held, first, second = _both(round, by)
    if not is_within(first, second, tolerance=held.submission.assignment.tolerance):
        raise HandinError(_("The two marks are too far apart. Talk about it, and agree on one."))
    scores = [one.score for one in (first, second) if one.score is not None]
    same_rubric = first.rubric_id is not None and first.rubric_id == second.rubric_id
    facts = {
        "rubric": first.rubric if same_rubric else None,
        "levels": {k: v for k, v in first.levels.items() if second.levels.get(k) == v} if same_rubric else {},
        "comments": _joined(first.comments, second.comments) if same_rubric else {},
        "comment": "\n\n".join(words for words in (first.comment, second.comment) if words),
        "score": sum(scores) / 2 if len(scores) == 2 else None,
        "passed": first.passed,
    }
    return _agreed(held, (first, second), AgreedBy.AVERAGE, facts, by)


@transaction.atomic
def marks_agree(*, round: Round, by: Membership, **said: Any) -> Mark:
    """The mark the two agreed on, recorded by one of them; or by a third who decides. ``said`` as for ``mark_give``."""
    held, first, second = _both(round, by)
    way = AgreedBy.TALKED if by.person_id in (first.by_id, second.by_id) else AgreedBy.THIRD
    said.pop("because", None)
    return _agreed(held, (first, second), way, judgement(held=held, **said), by)


def _both(round: Round, by: Membership) -> tuple[Round, IndependentMark, IndependentMark]:
    held = round_for_reviewer(round=round, by=by)
    if held.state not in RoundState.waiting():
        raise HandinError(_("It has its mark already."))
    given = list(IndependentMark.objects.filter(round=held).select_related("rubric").order_by("place"))
    if len(given) != 2:
        raise HandinError(_("Two marks are needed first, each given without seeing the other."))
    return held, given[0], given[1]


def _agreed(
    held: Round, both: tuple[IndependentMark, IndependentMark], way: AgreedBy, facts: dict[str, Any], by: Membership
) -> Mark:
    mark = mark_keep(held=held, facts=facts, by=by)
    Agreement.objects.create(
        environment_id=held.environment_id, round=held, mark=mark, person_id=held.person_id, way=way, by=by.person,
        at=mark.at,
    )  # fmt: skip
    after = {"way": way.value, "marks": [one.percent for one in both], "agreed": mark.percent, "passed": mark.passed}
    audit(act="handin.marks_agreed", by=by.person, target=held, after=after)
    others = [one for one in both if one.by_id != by.person_id]
    _tell(held, others, f"agreed:{mark.pk}", gettext_lazy("The mark is agreed on. Look whether you stand for it."))
    return mark


def _joined(first: dict[str, str], second: dict[str, str]) -> dict[str, str]:
    keys = sorted({*first, *second})
    return {key: "\n\n".join(words for words in (first.get(key), second.get(key)) if words) for key in keys}


def _tell(held: Round, marks: list[IndependentMark], what: str, body: Any) -> None:
    for one in marks:
        tell_marker(round=held, person_id=one.by_id, what=what, body=body)
