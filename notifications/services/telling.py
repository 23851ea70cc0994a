"""Telling people: a notice on the site and, when wanted, a letter."""

from dataclasses import dataclass
from uuid import uuid4

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ecosystem.hints import hint
from ecosystem.hosts import address_of
from ecosystem.languages import language_of
from ecosystem.models import Environment, Person
from ecosystem.registry import Words
from ecosystem.scope import current_scope
from notifications.models import Mail, MailMode, MailStop, Notice
from notifications.registry import stoppable_kinds
from notifications.selectors import mail_is_stopped, stop_path
from notifications.services.letters import Letter, letter_render
from notifications.tasks import send_mail


@dataclass(frozen=True)
class _Told:
    """A notice in the words of its person."""

    key: str
    kind: str
    title: str
    body: str
    href: str
    action: str


@transaction.atomic
def notify(
    *,
    person_id: int,
    key: str,
    kind: str,
    title: Words,
    body: Words = "",
    href: str = "",
    action: Words = "",
    mail: bool = False,
    mode: str = MailMode.AT_LEAST_ONCE,
) -> Notice:
    """Tell a person something, in their language; with ``mail`` also by letter, sent after the commit.

    ``key`` names the effect in this environment: the same key again changes nothing and sends nothing. A letter
    of a kind that the person has stopped is left out, the notice stays. Blank lines in ``body`` part paragraphs.
    Lazy texts are translated here; texts with numbers are made inside ``selectors.words_for``.
    """
    environment_id = current_scope().environment_id
    environment, person = Environment.objects.get(pk=environment_id), Person.objects.get(pk=person_id)
    with translation.override(language_of(person=person, environment=environment)):
        told = _Told(key=key, kind=kind, title=str(title), body=str(body), href=href, action=str(action) or _("Open"))
        notice, created = Notice.objects.get_or_create(
            environment_id=environment_id,
            key=key,
            defaults={
                "person_id": person_id,
                "kind": kind,
                "title": told.title,
                "body": told.body,
                "href": href,
                "created_at": timezone.now(),
            },
        )
        if created and mail and not mail_is_stopped(person_id=person_id, kind=kind):
            _mail_queue(told, environment=environment, person=person, mode=mode)
    return notice


def _mail_queue(told: _Told, *, environment: Environment, person: Person, mode: str) -> None:
    stoppable = stoppable_kinds.get(told.kind)
    stop = stop_path(person_id=person.pk, kind=told.kind) if stoppable else ""
    letter = Letter(
        subject=told.title,
        body=told.body,
        action_path=told.href,
        action_label=told.action,
        why=str(stoppable.why) if stoppable else _("You get this because it is about you."),
        stop_path=stop,
        settings_path=stoppable.settings_href if stoppable else "",
    )
    text, html = letter_render(letter=letter, environment=environment)
    base = address_of(environment)
    waiting = Mail.objects.create(
        environment_id=environment.pk,
        person=person,
        key=told.key,
        kind=told.kind,
        subject=" ".join(told.title.split())[:200],
        text=text,
        html=html,
        message_id=f"<{uuid4()}@{base.split('://')[1].split(':')[0]}>",
        stop_href=base + stop if stop else "",
        mode=mode,
        due_at=timezone.now(),
    )
    hint(send_mail, queue="interactive", environment_id=environment.pk, mail_id=waiting.pk)


def notices_seen(*, person_id: int) -> int:
    """Mark everything the person has as seen; returns how many were new."""
    return Notice.objects.filter(person_id=person_id, seen_at=None).update(seen_at=timezone.now())


def mail_stop(*, person_id: int, kind: str) -> None:
    """No more letters of this kind to this person. Twice is once."""
    MailStop.objects.get_or_create(
        environment_id=current_scope().environment_id,
        person_id=person_id,
        kind=kind,
        defaults={"since": timezone.now()},
    )


def mail_resume(*, person_id: int, kind: str) -> None:
    """Letters of this kind again."""
    MailStop.objects.filter(person_id=person_id, kind=kind).delete()
