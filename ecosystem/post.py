"""Letters to people who are no members yet, and who is told of what. Notifications, above, fills ``letters`` and ``tellers``."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from ecosystem.models import Environment
from ecosystem.setting_kinds import setting_of


def sender_of(environment: Environment) -> str:
    """The address of the installation with the name that the environment has chosen."""
    usual_name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((setting_of(environment, "mail_sender") or usual_name, address))


@dataclass(frozen=True)
class Letter:
    """What a letter says, in the active language. ``action_path`` is a path of the environment's host."""

    subject: str
    body: str
    action_path: str
    action_label: str
    why: str


class Renderer(Protocol):
    """Gives (text, html)."""

    def __call__(self, *, letter: Letter, environment: Environment) -> tuple[str, str]: ...


letters: dict[str, Renderer] = {}
# By what has happened; called in its transaction.
tellers: dict[str, Callable[..., None]] = {}


def reply_code(error: Exception) -> int:
    """The reply of the mail server, 0 when it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return int(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else 0


def letter_post(letter: Letter, *, environment: Environment, to: str, message_id: str) -> None:
    """Hand a letter to the mail server now; raises what the mail server raises."""
    text, html = letters["render"](letter=letter, environment=environment)
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split())[:200],
        body=text,
        from_email=sender_of(environment),
        to=[to],
        headers=headers,
    )
    message.attach_alternative(html, "text/html")
    message.send()
