"""What was handed in is compared with other hand-ins; what was taken back is not."""

from django.db.models import Exists, OuterRef, Q

from handins.models import Round, Share
from handins.services.similarity import round_compare
from records.dispatch import on
from records.models import Statement


@on("submitted", "retracted", queue="bulk")
def compare(statement: Statement) -> None:
    """A team's round has a record for each of its people: each compares it again, and twice is once."""
    number = statement.context.get("round")
    if not isinstance(number, int) or statement.person_id is None or statement.element_id is None:
        return
    part = Share.objects.filter(round_id=OuterRef("pk"), person_id=statement.person_id)
    rows = Round.objects.filter(Q(person_id=statement.person_id) | Q(Exists(part)))
    rows = rows.filter(element_id=statement.element_id, number=number).select_related("submission__assignment")
    for round in rows:
        round_compare(round=round)
