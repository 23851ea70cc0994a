"""The same for every environment that shares a person's daily set, each in a scope of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ecosystem.models import Membership
from ecosystem.scope import current_scope, open_scope
from memotrainer.exceptions import CardError, UnknownCardError
from memotrainer.places import at_environment, each_place, homes_of
from memotrainer.services.answering import AnswerGiven, Taken, answers_take
from memotrainer.services.holidays import trainer_pause_week


def answers_take_everywhere(*, here: Membership, items: list[AnswerGiven]) -> Taken:
    """Keep what a device kept, each answer in the environment of its card, whatever environments they are from."""
    homes = homes_of([item.card_id for item in items], here=here)
    by_home: dict[int, list[AnswerGiven]] = {}
    for item in items:
        by_home.setdefault(homes.get(item.card_id, here.environment_id), []).append(item)
    taken = Taken()
    for home, those in sorted(by_home.items()):  # always in this order, so that two sendings do not wait for each other
        try:
            with at_environment(None if home == here.environment_id else home, here=here):
                part = answers_take(person_id=here.person_id, items=those)
        except UnknownCardError as closed:  # they have left since, or it asks for more than this sign-in
            part = Taken(refused={item.uid: str(closed) for item in those})
        taken.accepted += part.accepted
        taken.refused |= part.refused
    return taken


def wish_everywhere(*, here: Membership, save: Callable[..., Any], **wishes: Any) -> None:
    """Save wishes of the person here, and in every other environment that shares their set. What is refused here is
    saved nowhere; what another one refuses (its days may be others) stays there as it was."""
    save(person_id=here.person_id, **wishes)

    def there_too(there: Membership) -> None:
        with suppress(CardError):
            save(person_id=there.person_id, **wishes)

    each_place(here, there_too)


def pause_week_everywhere(*, person_id: int) -> None:
    """A week without cards, from the letter that reminds of them; wherever a longer pause is planned, it stays."""
    here = Membership.objects.select_related("person", "environment").filter(person_id=person_id, ended_at=None).first()
    if here is None:
        return
    with open_scope(environment_id=current_scope().environment_id, person_id=person_id):
        wish_everywhere(here=here, save=trainer_pause_week)
