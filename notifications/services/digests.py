"""The digest: what did not deserve a letter of its own, in one letter a day or a week. Never an empty one."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ecosystem.languages import language_of, speaking
from ecosystem.models import Environment, Membership
from ecosystem.registry import Todo, todos
from ecosystem.scope import current_scope, open_scope, system_rows
from notifications.enums import DIGEST
from notifications.models import Mail, MailMode, Notice, Preference
from notifications.registry import Group, notice_kinds
from notifications.selectors import mail_is_stopped, rhythm_of
from notifications.services.letters import Row, Section
from notifications.services.writing import Written, mail_queue

logger = logging.getLogger(__name__)

BATCH = 500
ROWS = 5
AFTER_FAILURE = timedelta(hours=1)


def digest_plan(*, person_id: int) -> None:
    """Something waits for the digest: say when it goes, unless that is known, or the person wants none."""
    if mail_is_stopped(person_id=person_id, kind=DIGEST):
        return
    preference, _created = Preference.objects.get_or_create(
        environment_id=current_scope().environment_id, person_id=person_id
    )
    if preference.next_digest_at is None:
        at = rhythm_of(person_id=person_id).next_digest(timezone.now())
        Preference.objects.filter(pk=preference.pk, next_digest_at=None).update(next_digest_at=at)


def digests_send() -> int:
    """Write the digests that are due in all environments; returns how many. One that fails stops no other."""
    with system_rows():
        due = list(
            Preference.objects.filter(next_digest_at__lte=timezone.now())
            .order_by("next_digest_at")
            .values_list("environment_id", "pk")[:BATCH]
        )
    return sum(_write_safely(environment_id=environment_id, preference_id=pk) for environment_id, pk in due)


def _write_safely(*, environment_id: int, preference_id: int) -> bool:
    try:
        with open_scope(environment_id=environment_id):
            return _write(preference_id=preference_id)
    except Exception:
        logger.exception("digest of preferences %s", preference_id)
        with open_scope(environment_id=environment_id):
            Preference.objects.filter(pk=preference_id).update(next_digest_at=timezone.now() + AFTER_FAILURE)
        return False


def _write(*, preference_id: int) -> bool:
    now = timezone.now()
    preference = (
        Preference.objects.select_for_update(skip_locked=True).filter(pk=preference_id, next_digest_at__lte=now).first()
    )
    if preference is None:  # another worker has it, or has done it
        return False
    rhythm, person_id = rhythm_of(person_id=preference.person_id), preference.person_id
    today = rhythm.day_of(now)
    waiting = Notice.objects.filter(person_id=person_id, for_digest=True)
    if Mail.objects.filter(person_id=person_id, ordinary_on=today).exists():  # one ordinary letter a day
        preference.next_digest_at = rhythm.next_open(now + timedelta(days=1))
        preference.save(update_fields=["next_digest_at"])
        return False
    notices = [one for one in waiting.order_by("-created_at", "-pk") if one.seen_at is None or not one.in_app]
    membership = Membership.objects.select_related("person").filter(person_id=person_id, ended_at=None).first()
    stopped = mail_is_stopped(person_id=person_id, kind=DIGEST)
    waiting.update(for_digest=False)
    preference.next_digest_at = None
    preference.save(update_fields=["next_digest_at"])
    if membership is None or stopped or not notices:
        return False
    environment = Environment.objects.get(pk=current_scope().environment_id)
    language = language_of(person=membership.person, environment=environment)
    with speaking(language, environment=environment), timezone.override(rhythm.zone):
        mail_queue(
            written=_compose(notices, first=_next_action(membership), key=f"{DIGEST}:{person_id}:{today.isoformat()}"),
            environment=environment,
            person=membership.person,
            mode=MailMode.AT_MOST_ONCE,
            ordinary=True,
            ordinary_on=today,
            due_at=now,
        )
    return True


def _next_action(membership: Membership) -> Todo | None:
    """What the home page would put first."""
    found = [todo for provider in todos for todo in provider(membership)]
    return min(found, key=lambda todo: todo.rank, default=None)


def _compose(notices: list[Notice], *, first: Todo | None, key: str) -> Written:
    dates = [one for one in notices if _is_dated(one)]
    others = [one for one in notices if not _is_dated(one)]
    sections = [_section(_("Dates"), dates), _section(_("For you"), others)]
    count = len(notices)
    subject = ngettext("%(count)s thing is new for you", "%(count)s things are new for you", count) % {"count": count}
    return Written(
        key=key,
        kind=DIGEST,
        subject=subject,
        body=_first_line(first),
        action_path=first.href if first else "/notices/",
        action_label=first.action if first else _("See all notices"),
        sections=tuple(section for section in sections if section.rows),
    )


def _first_line(first: Todo | None) -> str:
    if first is None:
        return _("Here is what came since we last wrote to you.")
    if not first.minutes:
        return _("Next for you: %(title)s.") % {"title": first.title}
    minutes = ngettext("%(count)s minute", "%(count)s minutes", first.minutes) % {"count": first.minutes}
    return _("Next for you: %(title)s, %(minutes)s.") % {"title": first.title, "minutes": minutes}


def _section(heading: str, notices: list[Notice]) -> Section:
    rows = tuple(
        Row(one.title, date_format(timezone.localtime(one.created_at), "l j F"), one.href) for one in notices[:ROWS]
    )
    left = len(notices) - ROWS
    more = ngettext("and %(count)s more on the site", "and %(count)s more on the site", left) % {"count": left}
    return Section(heading, rows, more if left > 0 else "")


def _is_dated(notice: Notice) -> bool:
    kind = notice_kinds.get(notice.kind)
    return kind is not None and kind.group is Group.DATES


@transaction.atomic
def digest_replan(*, preference: Preference) -> None:
    """The person has changed when they want it: what waits goes by the new rhythm."""
    Preference.objects.filter(pk=preference.pk).update(next_digest_at=None)
    if Notice.objects.filter(person_id=preference.person_id, for_digest=True).exists():
        digest_plan(person_id=preference.person_id)
