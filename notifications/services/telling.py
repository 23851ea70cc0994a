"""Telling people: a notice on the site and, when wanted, a letter and a push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.languages import language_of, speaking
from ecosystem.models import Environment, Person
from ecosystem.registry import Words
from ecosystem.scope import current_scope
from notifications.models import Channel, MailMode, Notice
from notifications.registry import Urgency, notice_kinds
from notifications.selectors import channels_wanted, rhythm_of
from notifications.services.digests import digest_plan
from notifications.services.pushing import push_queue
from notifications.services.writing import Written, mail_queue

# So long an ordinary letter waits for the person to see the notice on the site, which makes it needless.
GRACE = timedelta(minutes=15)


@dataclass(frozen=True)
class _Told:
    """A notice in the words of its person."""

    title: str
    body: str
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
    calendars: Sequence[str] = (),
) -> Notice:
    """Tell a person something, in their language and by the channels they want for this kind.

    ``key`` names the effect in this environment: the same key again changes nothing and sends nothing. ``mail``
    says that there is a letter too; when it goes is up to the urgency of the kind (``notifications.registry``), and
    a kind that nobody has registered goes at once. Blank lines in ``body`` part paragraphs. Lazy texts are translated
    here; texts with numbers are made inside ``selectors.words_for``. ``calendars`` are
    texts of RFC 5546 that go with the letter, when one goes at once.
    """
    environment_id = current_scope().environment_id
    environment, person = Environment.objects.get(pk=environment_id), Person.objects.get(pk=person_id)
    wanted = channels_wanted(person_id=person_id, kind=kind)
    with speaking(language_of(person=person, environment=environment), environment=environment):
        told = _Told(str(title), str(body), str(action) or _("Open"))
        notice, created = Notice.objects.get_or_create(
            environment_id=environment_id,
            key=key,
            defaults={
                "person_id": person_id,
                "kind": kind,
                "title": told.title,
                "body": told.body,
                "href": href,
                "in_app": Channel.APP in wanted,
                "created_at": timezone.now(),
            },
        )
        if created and mail and Channel.MAIL in wanted:
            _write(notice, told, environment=environment, person=person, mode=mode, calendars=tuple(calendars))
    if created and Channel.PUSH in wanted:
        push_queue(notice=notice, due_at=_quiet_until(notice))
    return notice


def _urgency(notice: Notice) -> Urgency:
    kind = notice_kinds.get(notice.kind)
    return kind.urgency if kind else Urgency.NOW


def _write(
    notice: Notice, told: _Told, *, environment: Environment, person: Person, mode: str, calendars: tuple[str, ...]
) -> None:
    """The letter about a notice, or its place in the next digest."""
    urgency, now = _urgency(notice), timezone.now()
    if urgency is Urgency.DIGEST:
        notice.for_digest = True
        notice.save(update_fields=["for_digest"])
        digest_plan(person_id=person.pk)
        return
    ordinary = urgency is Urgency.ORDINARY
    mail_queue(
        written=Written(
            key=notice.key,
            kind=notice.kind,
            subject=told.title,
            body=told.body,
            action_path=notice.href,
            action_label=told.action,
            calendars=calendars,
        ),
        environment=environment,
        person=person,
        mode=mode,
        ordinary=ordinary,
        due_at=rhythm_of(person_id=person.pk).next_open(now + GRACE) if ordinary else now,
    )


def _quiet_until(notice: Notice) -> object:
    """When it may be pushed: at once, or after the quiet hours."""
    now = timezone.now()
    return now if _urgency(notice) is Urgency.NOW else rhythm_of(person_id=notice.person_id).next_open(now)


def notices_seen(*, person_id: int) -> int:
    """Mark everything the person has as seen; returns how many were new."""
    return Notice.objects.filter(person_id=person_id, seen_at=None).update(seen_at=timezone.now())


def notice_seen(*, person_id: int, notice_id: int) -> bool:
    """Mark one notice of the person as seen; False when it was, or is not theirs."""
    mine = Notice.objects.filter(pk=notice_id, person_id=person_id, seen_at=None)
    return bool(mine.update(seen_at=timezone.now()))


def notice_open(*, person_id: int, notice_id: int) -> Notice | None:
    """The person follows a notice, from whichever channel: it is seen. None when it is not theirs."""
    notice = Notice.objects.filter(pk=notice_id, person_id=person_id).first()
    if notice is not None:
        notice_seen(person_id=person_id, notice_id=notice_id)
    return notice
