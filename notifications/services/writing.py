"""Putting a letter into the queue."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.hints import hint
from ecosystem.hosts import address_of
from ecosystem.models import Environment, Person
from notifications.links import link_for
from notifications.models import Mail
from notifications.registry import notice_kinds
from notifications.selectors import kind_is_stoppable, stop_path
from notifications.services.letters import Letter, Section, letter_render
from notifications.tasks import send_mail


@dataclass(frozen=True)
class Written:
    """What stands in a letter. ``key`` names the effect; paths are those of the site."""

    key: str
    kind: str
    subject: str
    body: str
    action_path: str = ""
    action_label: str = ""
    sections: tuple[Section, ...] = ()
    calendars: tuple[str, ...] = ()


def mail_queue(
    *,
    written: Written,
    environment: Environment,
    person: Person,
    mode: str,
    due_at: datetime,
    ordinary: bool = False,
    ordinary_on: date | None = None,
) -> Mail:
    """Render in the active language and let it wait until ``due_at``; at once means: after the commit.

    An ``ordinary`` letter takes a day when it goes, or the day ``ordinary_on`` now.
    """
    kind = notice_kinds.get(written.kind)
    stoppable = kind_is_stoppable(written.kind)

    def link(path: str) -> str:
        return link_for(person=person, environment=environment, path=path) if path else ""

    # The stop works without signing in, on the environment's own host, whatever the person's way in.
    stop = address_of(environment) + stop_path(person_id=person.pk, kind=written.kind) if stoppable else ""
    letter = Letter(
        subject=written.subject,
        body=written.body,
        action_href=link(written.action_path),
        action_label=written.action_label,
        sections=written.sections,
        why=str(kind.why) if kind else _("You get this because it is about you."),
        fixed=str(kind.fixed) if kind else "",
        stop_href=stop,
        can_pause=bool(kind and kind.pause),
        settings_href=link(kind.settings_href or "/notices/preferences/") if stoppable and kind else "",
    )
    text, html = letter_render(letter=letter, environment=environment, link=link)
    mail = Mail.objects.create(
        environment_id=environment.pk,
        person=person,
        key=written.key,
        kind=written.kind,
        subject=" ".join(written.subject.split())[:200],
        text=text,
        html=html,
        calendars=list(written.calendars),
        message_id=f"<{uuid4()}@{urlsplit(address_of(environment)).hostname}>",
        stop_href=stop,
        mode=mode,
        ordinary=ordinary,
        ordinary_on=ordinary_on,
        created_at=timezone.now(),
        due_at=due_at,
    )
    if due_at <= timezone.now():
        hint(send_mail, queue="interactive", environment_id=environment.pk, mail_id=mail.pk)
    return mail
