"""The environments of one person that share one daily set: where they are members, and may go with the sign-in they have.

Each is read and written in a scope of its own, once the membership there was looked up again; never two in one scope.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ecosystem.models import Environment, Membership
from ecosystem.powers import administers
from ecosystem.prepared import Given, prepared
from ecosystem.scope import current_scope, open_scope, own_rows
from ecosystem.second_factor import ADMINISTRATORS, EVERYBODY, KEY
from ecosystem.selectors import Place, places_of
from ecosystem.setting_kinds import setting_of
from ecosystem.ways_in import SETTING
from memotrainer.exceptions import UnknownCardError
from memotrainer.models import Card, Review

T = TypeVar("T")


def places_beside(here: Membership) -> list[Place]:
    """The other environments in which the signed-in person is a member; whether they may go there, ``opened`` says.

    Who is in one environment costs nothing. Nobody else's are told: neither of whom the site is seen as, nor where
    the scope is of nobody.
    """
    if not _is_own(here):
        return []
    return [place for place in places_of(person=here.person) if place.environment_id != here.environment_id]


def _is_own(here: Membership) -> bool:
    """Whether the scope is of who is signed in here, and they are a member elsewhere too."""
    scope = current_scope()
    is_own = scope.person_id == here.person_id and scope.environment_id == here.environment_id
    return is_own and here.is_current and here.person.places > 1


@contextmanager
def opened(environment_id: int, *, here: Membership) -> Iterator[Membership]:
    """The scope of another environment, in its time zone, with the membership there. Refused as if nothing were there:
    to who is no member (any more), where the environment is archived, and where it asks for more than the sign-in here.
    """
    demands_here = _demands_factor(here)
    with open_scope(environment_id=environment_id, person_id=here.person_id):
        there = next(iter(_member(person=here.person_id)), None)
        if there is None or not _asks_no_more(there, here, demands_here=demands_here):
            raise UnknownCardError(_("This card is not yours."))
        with timezone.override(ZoneInfo(there.environment.time_zone)):
            yield there


def each_place(here: Membership, read: Callable[[Membership], T]) -> list[T]:
    """What ``read`` gives in each other environment that shares the set, in its scope."""
    found = []
    for place in places_beside(here):
        with suppress(UnknownCardError), opened(place.environment_id, here=here) as there:
            found.append(read(there))
    return found


@contextmanager
def at_card(card_id: int, *, here: Membership) -> Iterator[Membership]:
    """The scope of the environment in which the person has this card; as it is where they have none elsewhere."""
    with at_environment(homes_of([card_id], here=here).get(card_id), here=here) as there:
        yield there


@contextmanager
def at_answer(uid: UUID, *, here: Membership) -> Iterator[Membership]:
    """The same for an answer that they gave."""
    beside = [place.environment_id for place in places_beside(here)]
    home = None
    if beside:
        with own_rows():
            mine = Review.objects.filter(person_id=here.person_id, uid=uid, environment_id__in=beside)
            home = mine.values_list("environment_id", flat=True).first()
    with at_environment(home, here=here) as there:
        yield there


@contextmanager
def at_environment(environment_id: int | None, *, here: Membership) -> Iterator[Membership]:
    """``opened``; None is the environment that is open already."""
    if environment_id is None:
        yield here
        return
    with opened(environment_id, here=here) as there:
        yield there


@contextmanager
def rows_everywhere(beside: Collection[int]) -> Iterator[Q]:
    """The condition for the person's own rows here and in ``beside``, which can be read inside; without any it is free."""
    if not beside:
        yield Q()
        return
    here = current_scope().environment_id
    with own_rows():
        yield Q(environment_id__in=[here, *beside])


def homes_of_sent(
    *, here: Membership, cards: Collection[int], answers: Collection[UUID]
) -> tuple[dict[int, int], dict[UUID, int]]:
    """The same of cards and answers that a device names, also where the environment is closed to this sign-in or archived:
    wherever the person belongs. (by card, by answer)"""
    if not _is_own(here) or not (cards or answers):
        return {}, {}
    with own_rows():
        going = Membership.objects.filter(person_id=here.person_id, ended_at=None).exclude(
            environment_id=here.environment_id
        )
        places = going.values("environment_id")
        mine = Card.objects.filter(environment_id__in=places, pk__in=cards, person_id=here.person_id)
        given = Review.objects.filter(environment_id__in=places, uid__in=answers, person_id=here.person_id)
        return (
            dict(mine.values_list("pk", "environment_id")),
            dict(given.values_list("uid", "environment_id")) if answers else {},
        )


def homes_of(card_ids: Collection[int], *, here: Membership) -> dict[int, int]:
    """The environments of those of the person's cards that are elsewhere, by card."""
    beside = [place.environment_id for place in places_beside(here)]
    if not beside or not card_ids:
        return {}
    with own_rows():
        mine = Card.objects.filter(environment_id__in=beside, pk__in=card_ids, person_id=here.person_id)
        return dict(mine.values_list("pk", "environment_id"))


@prepared
def _member(*, person: Given) -> QuerySet[Membership]:
    rows = Membership.objects.filter(person_id=person, ended_at=None, environment__archived_at=None)
    return rows.filter(person__is_active=True).select_related("environment", "person")


def _asks_no_more(there: Membership, here: Membership, *, demands_here: bool) -> bool:
    """Whether whoever is signed in here has shown what the other environment asks for too: every way to sign in here counts
    there, a sign-in lasts no longer here, and who must have a second factor there must have one here.

    A sign-in through an organisation is no further than its own: it ends once the person belongs beyond that.
    """
    ways_here, ways_there = (set(setting_of(one.environment, SETTING)) for one in (here, there))
    days_here, days_there = (setting_of(one.environment, "session_days") for one in (here, there))
    return ways_here <= ways_there and days_here <= days_there and (demands_here or not _demands_factor(there))


def _demands_factor(membership: Membership) -> bool:
    """In the scope of its environment."""
    environment: Environment = membership.environment
    wanted = setting_of(environment, KEY)
    return wanted == EVERYBODY or (wanted == ADMINISTRATORS and administers(membership))
