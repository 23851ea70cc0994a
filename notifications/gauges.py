"""Figures of the mail queue."""

from ecosystem.scope import system_rows
from ecosystem.telemetry.figures import gauge
from notifications.models import Mail

# Of those that have an end there are ever more.
UNFINISHED = ("waiting", "claimed")


@gauge("grove_mail_rows", "Letters that wait or are being sent", label="state")
def mail_rows() -> dict[str, float]:
    with system_rows():
        # One by one, each with the index of its state.
        return {state: Mail.objects.filter(state=state).count() for state in UNFINISHED}
