"""Whoever has a seat is told, with what their calendar needs: after the seat is sure, so that nobody waits for a letter. Whoever
joins or leaves a group moves in the queues where it goes first."""

from ecosystem.predicates import fact_listeners
from ecosystem.uids import uid_of
from events.services import group_moved, seat_confirm
from records.dispatch import on
from records.models import Statement


@on("registered", queue="interactive")
def confirm(statement: Statement) -> None:
    """Records of outside tools name no seat of ours."""
    uid = uid_of(str(statement.context.get("seat", "")))
    if uid is not None and statement.person_id is not None:
        seat_confirm(uid=uid, person_id=statement.person_id, dated=bool(statement.context.get("dated")))


fact_listeners.register("events", group_moved)
