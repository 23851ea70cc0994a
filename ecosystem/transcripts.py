"""What somebody has achieved, in every environment they belong or belonged to."""

from __future__ import annotations

from dataclasses import dataclass

from ecosystem.hosts import addresses_of
from ecosystem.models import Environment, Membership
from ecosystem.registry import Achievement, TranscriptSection, transcript_sections
from ecosystem.scope import open_scope, own_rows


@dataclass(frozen=True)
class TranscriptPart:
    """One environment: its sections that hold something. ``address``: ``https://host``, without a final slash."""

    membership: Membership
    address: str
    sections: list[tuple[TranscriptSection, list[Achievement]]]

    @property
    def environment(self) -> Environment:
        return self.membership.environment


def transcript_of(*, person_id: int) -> list[TranscriptPart]:
    """Every environment of the signed-in person in which there is something to show, by name.

    Each is read in its own scope, with one query a section whatever its length.
    """
    with own_rows():
        mine = list(Membership.objects.select_related("environment").order_by("environment__name", "pk"))
    addresses = addresses_of(environments=[row.environment for row in mine])
    found = []
    for membership in mine:
        with open_scope(environment_id=membership.environment_id, person_id=person_id):
            sections = sections_of(membership=membership)
        if sections or membership.is_current:
            found.append(TranscriptPart(membership, addresses[membership.environment_id], sections))
    return found


def sections_of(*, membership: Membership) -> list[tuple[TranscriptSection, list[Achievement]]]:
    """The sections of the open scope's environment that hold something."""
    ranked = sorted(transcript_sections, key=lambda section: section.rank)
    read = [(section, section.achievements(membership)) for section in ranked]
    return [(section, achievements) for section, achievements in read if achievements]
