"""Letters to people who are no members yet. How a letter looks is known above (notifications), which fills ``letters``."""

from dataclasses import dataclass
from typing import Protocol

from django.core.mail import EmailMultiAlternatives

from ecosystem.models import Environment


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


def letter_post(letter: Letter, *, environment: Environment, to: str, message_id: str) -> None:
    """Hand a letter to the mail server now; raises what the mail server raises."""
    text, html = letters["render"](letter=letter, environment=environment)
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split())[:200], body=text, to=[to], headers=headers
    )
    message.attach_alternative(html, "text/html")
    message.send()
