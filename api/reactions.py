"""Webhooks hear of every record, where there are any."""

from api.services.webhooks import webhooks_hear, webhooks_tell
from records.dispatch import EVERYTHING, on
from records.models import Statement


@on(EVERYTHING, queue="bulk", wanted=webhooks_hear)
def tell_webhooks(statement: Statement) -> None:
    webhooks_tell(statement=statement)
