"""Who wants to hear of what: ``@on("passed", "failed")`` in an app's ``reactions.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from records.models import Statement

EVERYTHING = "*"
QUEUES = ("interactive", "default", "bulk")


@dataclass(frozen=True)
class Reaction:
    """``sync`` runs in the transaction of the cause, because somebody is waiting for its effect.

    ``wanted`` is asked in the open scope before a delivery is written: False when nobody here would hear of it.
    """

    name: str
    verbs: frozenset[str]
    run: Callable[[Statement], None]
    sync: bool
    queue: str
    wanted: Callable[[], bool]


_reactions: dict[str, Reaction] = {}


def on(
    *verbs: str, sync: bool = False, queue: str = "default", wanted: Callable[[], bool] = lambda: True
) -> Callable[[Callable[[Statement], None]], Callable[[Statement], None]]:
    """Subscribe a function to records, or with ``EVERYTHING`` to all of them. Its effects must be rows of the same database: then twice is once.

    An asynchronous reaction runs in its own scope and transaction, which also marks the delivery done. What
    must happen outside (mail, HTTP) is a row that another task claims.
    """
    if queue not in QUEUES:
        raise ValueError(f"There is no queue {queue!r}.")

    def register(run: Callable[[Statement], None]) -> Callable[[Statement], None]:
        name = f"{run.__module__.removesuffix('.reactions')}.{run.__name__}"
        if name in _reactions:
            raise ValueError(f"Reaction {name} is registered twice.")
        _reactions[name] = Reaction(name, frozenset(verbs), run, sync, queue, wanted)
        return run

    return register


def reactions_to(verb: str) -> list[Reaction]:
    return [reaction for reaction in _reactions.values() if not reaction.verbs.isdisjoint({verb, EVERYTHING})]


def reaction_named(name: str) -> Reaction:
    """KeyError when the code that asked for it is gone; the delivery then waits for an operator."""
    return _reactions[name]
