"""How people want to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ecosystem.models import Environment
from ecosystem.scope import current_scope
from ecosystem.setting_kinds import setting_here
from notifications.models import Channel, ChannelChoice, DigestRhythm, Preference, PushDevice
from notifications.registry import Group, NoticeKind, notice_kinds
from notifications.rhythm import Rhythm

# Of a kind that no app has registered: the caller of ``notify`` decides about the letter.
UNKNOWN = frozenset({Channel.APP, Channel.MAIL})


def channels_wanted(*, person_id: int, kind: str) -> frozenset[str]:
    """By which channels this person hears of this kind."""
    chosen = dict(ChannelChoice.objects.filter(person_id=person_id, kind=kind).values_list("channel", "wanted"))
    return _wanted(notice_kinds.get(kind), chosen)


def _wanted(known: NoticeKind | None, chosen: dict[str, bool]) -> frozenset[str]:
    usual = known.channels if known else UNKNOWN
    wanted = {channel for channel in Channel.values if chosen.get(channel, channel in usual)}
    if known and known.fixed:
        wanted.add(Channel.MAIL)
    return frozenset(wanted)


def kind_is_stoppable(kind: str) -> bool:
    """Whether people may switch its mail off."""
    known = notice_kinds.get(kind)
    return known is not None and not known.fixed


def mail_is_stopped(*, person_id: int, kind: str) -> bool:
    return Channel.MAIL not in channels_wanted(person_id=person_id, kind=kind)


@dataclass(frozen=True)
class KindChoice:
    """One line of the preferences: a kind and the channels it comes by now."""

    kind: NoticeKind
    wanted: frozenset[str]


def choices_by_group(*, person_id: int) -> list[tuple[Group, list[KindChoice]]]:
    """Every kind that can be chosen, with its channels, under its heading; one query."""
    chosen: dict[str, dict[str, bool]] = {}
    for row in ChannelChoice.objects.filter(person_id=person_id):
        chosen.setdefault(row.kind, {})[row.channel] = row.wanted
    lines = [KindChoice(kind, _wanted(kind, chosen.get(kind.key, {}))) for kind in notice_kinds if kind.chosen]
    grouped = ((group, [line for line in lines if line.kind.group is group]) for group in Group)
    return [(group, found) for group, found in grouped if found]


def preference_of(*, person_id: int) -> Preference:
    """The person's preferences; without a row an unsaved one that holds the defaults."""
    return Preference.objects.filter(person_id=person_id).first() or Preference(
        environment_id=current_scope().environment_id, person_id=person_id, digest=setting_here("digest")
    )


def rhythm_of(*, person_id: int) -> Rhythm:
    """When the person may be written to."""
    preference = preference_of(person_id=person_id)
    return Rhythm(
        zone=zone_of(preference=preference),
        quiet_from=preference.quiet_from,
        quiet_until=preference.quiet_until,
        quiet_weekends=preference.quiet_weekends,
        daily=preference.digest == DigestRhythm.DAILY,
    )


def zone_of(*, preference: Preference) -> ZoneInfo:
    """The person's time zone: their own, else that of the environment."""
    if preference.time_zone:
        return ZoneInfo(preference.time_zone)
    name = Environment.objects.values_list("time_zone", flat=True).get(pk=current_scope().environment_id)
    return ZoneInfo(name)


def devices_of(*, person_id: int) -> Iterable[PushDevice]:
    """Where the person is pushed to, newest first."""
    return PushDevice.objects.filter(person_id=person_id).order_by("-created_at", "-pk")
