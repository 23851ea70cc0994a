"""The same for every environment that shares a person's daily set, each in a scope of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import transaction

from ecosystem.models import Membership
from ecosystem.scope import current_scope, open_scope
from memotrainer.badge import due_changed
from memotrainer.exceptions import CardError, UnknownCardError
from memotrainer.places import at_environment, homes_of_sent, opened, places_beside
from memotrainer.services.answering import AnswerGiven, Taken, answers_take
from memotrainer.services.holidays import trainer_pause_week


def answers_take_everywhere(*, here: Membership, items: list[AnswerGiven]) -> Taken:
    """Keep what a device kept, each answer in the environment of its card, whatever environments they are from. An answer
    for one that is closed now (archived, or it asks for more than this sign-in) is neither accepted nor refused."""
    cards, answers = homes_of_sent(
        here=here,
        cards=[item.card_id for item in items],
        answers=[item.undoes for item in items if item.undoes is not None],
    )
    by_home: dict[int, list[AnswerGiven]] = {}
    for item in items:  # the card of an answer that is taken back may be gone
        home = (answers.get(item.undoes) if item.undoes else None) or cards.get(item.card_id, here.environment_id)
        by_home.setdefault(home, []).append(item)
    taken = Taken()
    for home, those in sorted(by_home.items()):  # always in this order, so that two sendings do not wait for each other
        with suppress(UnknownCardError), at_environment(None if home == here.environment_id else home, here=here):
            part = answers_take(person_id=here.person_id, items=those)
            taken.accepted += part.accepted
            taken.refused |= part.refused
    return taken


@transaction.atomic
def wish_everywhere(*, here: Membership, save: Callable[..., Any], **wishes: Any) -> None:
    """Save wishes of the person here, and in every other environment that shares their set. What is refused here is
    saved nowhere; what another one refuses (its days may be others) stays there as it was."""
    beside = [place.environment_id for place in places_beside(here)]
    for home in sorted([here.environment_id, *beside]):  # in the order in which answers are kept
        if home == here.environment_id:
            save(person_id=here.person_id, **wishes)
            continue
        with suppress(CardError), opened(home, here=here) as there:
            save(person_id=there.person_id, **wishes)
    due_changed(person_id=here.person_id)


def pause_week_everywhere(*, person_id: int) -> None:
    """A week without cards, from the letter that reminds of them; wherever a longer pause is planned, it stays."""
    here = Membership.objects.select_related("person", "environment").filter(person_id=person_id, ended_at=None).first()
    if here is None:
        return
    with open_scope(environment_id=current_scope().environment_id, person_id=person_id):
        wish_everywhere(here=here, save=trainer_pause_week)
