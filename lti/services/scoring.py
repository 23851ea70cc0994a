"""What a tool says of a person (Assignment and Grade Services 2.0, 3.4), and what that comes to in their course."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.gates import closed_to
from ecosystem.models import Membership
from ecosystem.visibility import may_open
from lti.exceptions import NotTheirsError, StaleError
from lti.models import Pseudonym, Score, Tool, ToolLink
from lti.reading import Said, said_in, uid_in
from lti.selectors import launched
from records.models import Fact
from records.services import record


@transaction.atomic
def score_take(*, tool: Tool, link: ToolLink, body: Any) -> Score:
    """Keep what the tool says of one of its people, and let it count. The same again is once.

    Refuses (StaleError) what is older than what is known, or says another thing of the same moment, (NotTheirsError) who was
    never sent there or may not open the activity any more, and (LtiError) what is no score.
    """
    said = said_in(body)
    membership = _person(tool, link, str(body.get("userId", "")))
    known = Score.objects.filter(element_id=link.element_id, person_id=membership.person_id, tool=tool)
    newest = known.order_by("-said_at").first()
    if newest is not None and newest.said_at >= said.said_at:
        if newest.said_at == said.said_at and _same(newest, said):
            return newest
        raise StaleError(_("A newer score is known already."))
    row = Score.objects.create(
        environment_id=link.environment_id,
        person_id=membership.person_id,
        element_id=link.element_id,
        tool=tool,
        said_at=said.said_at,
        stored_at=clock.now(),
        progress=said.progress,
        grading=said.grading,
        given=said.given,
        maximum=said.maximum,
        comment=said.comment,
    )
    if said.is_final:
        _count(link, membership.person_id, row)
    return row


def _same(row: Score, said: Said) -> bool:
    kept = (row.progress, row.grading, row.given, row.maximum, row.comment)
    return kept == (said.progress, said.grading, said.given, said.maximum, said.comment)


def _person(tool: Tool, link: ToolLink, user_id: str) -> Membership:
    """Who it is about: sent to this activity of this tool, and still let in. Held, so that two scores wait for each other."""
    sub = uid_in(user_id)
    known = Pseudonym.objects.select_for_update().filter(tool=tool, sub=sub).first() if sub else None
    if known is None or not launched(tool=tool, element_id=link.element_id).filter(person_id=known.person_id).exists():
        raise NotTheirsError(_("Nobody of this userId was sent to this activity."))
    rows = Membership.objects.select_related("person").filter(person_id=known.person_id, ended_at=None)
    membership = rows.first()
    if membership is None or not may_open(membership, link.element) or closed_to(membership, link.element):
        raise NotTheirsError(_("This person may not open the activity any more."))
    return membership


def _count(link: ToolLink, person_id: int, row: Score) -> None:
    """Passed or not by the mark of the activity, and done with that; without a mark any score, or none, means done."""
    share = None if row.share is None else round(row.share, 4)
    result: dict[str, Any] = {"reported_by": "tool"} | ({} if share is None else {"scaled": share})
    about: dict[str, Any] = {"element": link.element, "person_id": person_id}
    if link.pass_mark is not None:
        passed = row.share is not None and link.is_passed(row.share)
        if share is not None:
            record(verb="passed" if passed else "failed", result={"success": passed, **result}, **about)
        if not passed:
            return
    known = Fact.objects.filter(person_id=person_id, element_id=link.element_id, verb="completed").first()
    is_news = share is not None and link.pass_mark is None and share != (known.best if known else None)
    if known is None or is_news:
        record(verb="completed", result={"completion": True, **result}, **about)
