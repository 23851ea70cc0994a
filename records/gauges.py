"""Figures of the outbox."""

from django.db.models import Min
from django.utils import timezone

from ecosystem.scope import system_rows
from ecosystem.telemetry.figures import gauge
from records.models import Delivery, DeliveryState


@gauge("grove_outbox_rows", "Deliveries that wait or were given up", label="state")
def outbox_rows() -> dict[str, float]:
    """Those that are done are not counted: they are all of the past."""
    with system_rows():
        # One by one, each with the index of its state.
        return {
            state.value: Delivery.objects.filter(state=state.value).count()
            for state in (DeliveryState.WAITING, DeliveryState.GIVEN_UP)
        }


@gauge("grove_outbox_oldest_seconds", "How long the oldest delivery that is due has waited", label="queue")
def outbox_age() -> dict[str, float]:
    now = timezone.now()
    with system_rows():
        waiting = Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=now)
        return {
            queue: (now - due_at).total_seconds()
            for queue, due_at in waiting.values_list("queue").annotate(Min("due_at")).order_by()
        }
