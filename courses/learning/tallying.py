"""How far somebody is, from states and weights. Nothing here reads the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from ecosystem.percents import percent_of

ALL = 100


@dataclass(frozen=True)
class Tally:
    percent: int
    complete: bool


def tally_of(rows: Iterable[tuple[bool, int]], *, complete_at: int = ALL) -> Tally:
    """``rows``: (done, weight) of each activity that is not optional.

    Complete is who has done all of them or, when the run asks for less, ``complete_at`` percent by weight. What is
    complete is 100 percent; rounding never makes that of what is not.
    """
    known = list(rows)
    return tally_counted(
        steps=len(known),
        left=sum(not is_done for is_done, _weight in known),
        total=sum(weight for _done, weight in known),
        done=sum(weight for is_done, weight in known if is_done),
        complete_at=complete_at,
    )


def tally_counted(*, steps: int, left: int, total: int, done: int, complete_at: int = ALL) -> Tally:
    """The same from sums: how many steps there are and are left to do, their weight, and that of those that are done."""
    everything = steps > 0 and left == 0
    enough = complete_at < ALL and total > 0 and 100 * done >= complete_at * total
    if everything or enough:
        return Tally(100, complete=True)
    return Tally(min(99, percent_of(done / total)) if total else 0, complete=False)
