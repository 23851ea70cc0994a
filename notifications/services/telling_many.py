"""The same thing to very many people at once: on the site only, in a few statements however many they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ecosystem.languages import language_of, speaking
from ecosystem.models import Environment, Person
from ecosystem.registry import Words
from ecosystem.scope import current_scope
from notifications.models import Channel, ChannelChoice, Notice


@dataclass(frozen=True)
class Tell:
    """``key`` names the effect in this environment. ``body`` and ``title`` are translated for the person when they are lazy."""

    person_id: int
    key: str
    title: Words
    body: Words
    href: str


@transaction.atomic
def notify_many(*, kind: str, tells: Sequence[Tell]) -> int:
    """A notice for each, without mail or push; who wants none of this kind on the site gets none. Twice is once."""
    people = {tell.person_id for tell in tells}
    refused = ChannelChoice.objects.filter(person_id__in=people, kind=kind, channel=Channel.APP, wanted=False)
    silent = set(refused.values_list("person_id", flat=True))
    environment = Environment.objects.get(pk=current_scope().environment_id)
    known = {person.pk: person for person in Person.objects.filter(pk__in=people - silent).only("pk", "language")}
    now, rows = timezone.now(), []
    for tell in tells:
        if (person := known.get(tell.person_id)) is None:
            continue
        with speaking(language_of(person=person, environment=environment), environment=environment):
            rows.append(
                Notice(
                    environment_id=environment.pk, key=tell.key, person_id=person.pk, kind=kind, title=str(tell.title),
                    body=str(tell.body), href=tell.href, in_app=True, created_at=now,
                )
            )  # fmt: skip
    return len(Notice.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True))
