"""Letters of sign-in: written in the transaction of what they tell about, sent after it, so that no page waits for mail."""

import logging
import smtplib
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from ecosystem.account_words import letter_of
from ecosystem.hints import hint
from ecosystem.languages import speaking
from ecosystem.models import AccountLetter, Person
from ecosystem.post import letter_post
from ecosystem.scope import current_scope, open_scope, system_rows
from ecosystem.sealing import seal_facts, unseal_facts
from ecosystem.tasks import send_account_letters

logger = logging.getLogger(__name__)

BATCH = 200
MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=20)
GOOD_FOR = timedelta(days=1)
CODE_GOOD_FOR = timedelta(minutes=10)


def account_letter_queue(*, to: str, kind: str, facts: dict[str, Any]) -> AccountLetter:
    """Write a letter of the open scope's environment. ``to`` is empty for an address that nobody here has."""
    good_for = CODE_GOOD_FOR if kind.endswith("_code") else GOOD_FOR
    letter = AccountLetter.objects.create(
        environment_id=current_scope().environment_id,
        to=to,
        kind=kind,
        sealed=seal_facts(facts),
        expires_at=timezone.now() + good_for,
    )
    hint(send_account_letters, queue="interactive")
    return letter


def account_letters_send_due() -> int:
    """Send what is due in all environments; returns how many went. One bad letter stops no other."""
    with system_rows():
        due = list(
            AccountLetter.objects.filter(due_at__lte=timezone.now())
            .order_by("due_at")
            .values_list("environment_id", "pk")[:BATCH]
        )
    return sum(account_letter_send(environment_id=environment_id, letter_id=pk) for environment_id, pk in due)


def account_letter_send(*, environment_id: int, letter_id: int) -> bool:
    """Send one letter and forget it. It is tried again for a while, and forgotten when what it says is no longer true."""
    row = _claim(environment_id=environment_id, letter_id=letter_id)
    if row is None:
        return False
    try:
        _post(row)
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("letter of sign-in %s: %s", letter_id, type(error).__name__)
        return False
    with open_scope(environment_id=environment_id):
        AccountLetter.objects.filter(pk=letter_id).delete()
    return True


def _claim(*, environment_id: int, letter_id: int) -> AccountLetter | None:
    """Take it for the next moment: the commit is before the letter goes."""
    now = timezone.now()
    with open_scope(environment_id=environment_id):
        row = (
            AccountLetter.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("environment")
            .filter(pk=letter_id, due_at__lte=now)
            .first()
        )
        if row is None:
            return None
        if not row.to or row.expires_at <= now or row.attempts >= MOST_ATTEMPTS:
            row.delete()
            return None
        row.attempts += 1
        row.due_at = now + FIRST_WAIT * 2**row.attempts
        row.save(update_fields=["attempts", "due_at"])
        return row


def _post(row: AccountLetter) -> None:
    spoken = Person.objects.filter(email=row.to).values_list("language", flat=True).first() or row.environment.language
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    with speaking(spoken, environment=row.environment):
        letter = letter_of(row.kind, unseal_facts(row.sealed), row.environment)
        letter_post(letter, environment=row.environment, to=row.to, message_id=f"<{uuid.uuid4()}@{host}>")
