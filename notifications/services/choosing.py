"""What people say about how they want to be told."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.scope import current_scope
from ecosystem.time_zones import known_zones
from notifications.exceptions import NotificationsError
from notifications.models import Channel, ChannelChoice, DigestRhythm, Preference
from notifications.registry import notice_kinds
from notifications.services.digests import digest_replan


@transaction.atomic
def choices_save(*, person_id: int, wanted: Mapping[str, Set[str]]) -> None:
    """Keep for each kind the channels by which the person wants it; kinds that are not named stay as they are.

    Refuses a kind or channel that there is not, and to switch off the mail of a kind that needs it.
    """
    for key, channels in wanted.items():
        kind = notice_kinds.get(key)
        if kind is None or not set(channels) <= kind.offers:
            raise NotificationsError(_("This cannot be chosen."))
        if kind.fixed and Channel.MAIL not in channels:
            raise NotificationsError(str(kind.fixed))
        for channel in sorted(kind.offers):
            _choose(person_id=person_id, kind=key, channel=channel, wanted=channel in channels)


def _choose(*, person_id: int, kind: str, channel: str, wanted: bool) -> None:
    known = notice_kinds.get(kind)
    mine = ChannelChoice.objects.filter(person_id=person_id, kind=kind, channel=channel)
    if known is not None and wanted == (channel in known.channels):
        mine.delete()  # the default needs no row, and follows when the kind changes it
        return
    ChannelChoice.objects.update_or_create(
        environment_id=current_scope().environment_id,
        person_id=person_id,
        kind=kind,
        channel=channel,
        defaults={"wanted": wanted, "since": timezone.now()},
    )


def mail_stop(*, person_id: int, kind: str) -> None:
    """No more letters of this kind to this person. Twice is once."""
    _choose(person_id=person_id, kind=kind, channel=Channel.MAIL, wanted=False)


def mail_resume(*, person_id: int, kind: str) -> None:
    """Letters of this kind again."""
    _choose(person_id=person_id, kind=kind, channel=Channel.MAIL, wanted=True)


@transaction.atomic
def preference_save(
    *,
    person_id: int,
    quiet_from: time | None,
    quiet_until: time | None,
    quiet_weekends: bool,
    time_zone: str,
    digest: str,
) -> Preference:
    """Keep when the person may be written to. An empty ``time_zone`` is that of the environment.

    Refuses half a pair of quiet hours and a zone or rhythm that there is not. Letters that wait already follow the
    new hours when they are due.
    """
    if (quiet_from is None) != (quiet_until is None):
        raise NotificationsError(_("Quiet hours need a beginning and an end."))
    if time_zone and time_zone not in known_zones():
        raise NotificationsError(_("There is no such time zone."))
    if digest not in DigestRhythm.values:
        raise NotificationsError(_("This cannot be chosen."))
    preference, _created = Preference.objects.update_or_create(
        environment_id=current_scope().environment_id,
        person_id=person_id,
        defaults={
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "quiet_weekends": quiet_weekends,
            "time_zone": time_zone,
            "digest": digest,
        },
    )
    digest_replan(preference=preference)
    return preference
