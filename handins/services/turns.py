"""The place of a round in the lists of whoever marks, kept in a column so that an index has them in order."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import DateTimeField, F, Func, Value

from ecosystem.models import Environment
from ecosystem.scope import current_scope
from handins.models import Round, RoundState


def turn_set(*, round: Round) -> None:
    """For whoever saves it. Without names only the day counts: records say to the minute who handed in, so that an order by
    the minute would tell whose work it is."""
    hides = round.submission.assignment.is_anonymous and round.state != RoundState.RETURNED
    at: datetime | None = round.submitted_at
    round.turn_at = at.astimezone(_zone()).replace(hour=0, minute=0, second=0, microsecond=0) if hides and at else at


def turns_follow(*, element_id: int, is_anonymous: bool) -> None:
    """After the assignment has begun or ceased to hide names, in this environment."""
    rows = Round.objects.filter(element_id=element_id, submitted_at__isnull=False).exclude(state=RoundState.RETURNED)
    day = Func(
        Value("day"), F("submitted_at"), Value(str(_zone())), function="date_trunc", output_field=DateTimeField()
    )
    rows.update(turn_at=day if is_anonymous else F("submitted_at"))


def _zone() -> ZoneInfo:
    """That of the environment, whoever hands in from wherever."""
    return ZoneInfo(Environment.objects.values_list("time_zone", flat=True).get(pk=current_scope().environment_id))
