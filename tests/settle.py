"""Let asynchronous reactions happen inside a test, through the same service that the workers call."""

from ecosystem import clock
from ecosystem.models import Environment
from ecosystem.scope import open_scope
from records.models import Delivery, DeliveryState
from records.services.delivering import delivery_run


def settle(environment: Environment, *, rounds: int = 5) -> int:
    """Run what waits, and what that causes, until nothing is due. Returns how many reactions ran."""
    done = 0
    for _ in range(rounds):
        with open_scope(environment_id=environment.pk):
            waiting = list(
                Delivery.objects.filter(state=DeliveryState.WAITING, due_at__lte=clock.now()).values_list(
                    "pk", flat=True
                )
            )
        if not waiting:
            return done
        done += sum(delivery_run(environment_id=environment.pk, delivery_id=pk) for pk in waiting)
    return done
