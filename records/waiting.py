"""Which records a reaction has not heard of yet."""

from datetime import datetime

from records.models import Delivery, DeliveryState, Statement


def is_waiting_for(*, reaction: str, person_id: int, before: datetime) -> bool:
    """Whether a record of the person, stored earlier, still waits for the reaction."""
    waiting = Delivery.objects.filter(
        reaction=reaction, state=DeliveryState.WAITING, statement_stored_at__lt=before
    ).values("statement_id")
    return Statement.objects.filter(person_id=person_id, stored_at__lt=before, pk__in=waiting).exists()
