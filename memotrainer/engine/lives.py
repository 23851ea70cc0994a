"""A review log laid out by place in each memory's life, so that one vectorised step serves all memories at once."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """The rows that are the n-th answer of their memory. Longest lives first, so those before are a prefix."""

    rows: slice
    again: Integers  # places within the slice: a later day and wrong
    known: Integers  # a later day and not wrong
    same_day: Integers


@dataclass(frozen=True)
class Lives:
    """``order``: for each row here, its place in the arrays it was made from."""

    order: Integers
    rating: Integers
    days: Floats
    places: tuple[Place, ...]

    def __len__(self) -> int:
        return len(self.order)

    def back(self, values: Floats) -> Floats:
        """Values of rows here, in the order of the arrays this was made from."""
        result = np.empty_like(values)
        result[self.order] = values
        return result


def lives_of(*, memory: npt.ArrayLike, rating: npt.ArrayLike, days: npt.ArrayLike) -> Lives:
    """Lay out answers that are given in the order of time.

    memory: which memory each answer belongs to, any integers. days: whole days since the answer before of that memory;
    ignored for its first.
    """
    keys = np.asarray(memory, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    starts = np.flatnonzero(np.r_[True, sorted_keys[1:] != sorted_keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    lengths = np.diff(np.r_[starts, len(keys)])
    place = np.arange(len(keys)) - np.repeat(starts, lengths)
    rank = np.empty(len(lengths), dtype=np.int64)
    rank[np.argsort(-lengths, kind="stable")] = np.arange(len(lengths))
    order = order[np.lexsort((np.repeat(rank, lengths), place))]
    grades = np.asarray(rating, dtype=np.int64)[order]
    gaps = np.floor(np.maximum(np.asarray(days, dtype=np.float64)[order], 0.0))
    ends = np.cumsum(np.bincount(place, minlength=1)) if len(keys) else np.zeros(0, np.int64)
    places, begin = [], 0
    for end in ends.tolist():
        grade, later = grades[begin:end], gaps[begin:end] >= 1.0
        places.append(
            Place(
                rows=slice(begin, end),
                again=np.flatnonzero(later & (grade == 1)),
                known=np.flatnonzero(later & (grade > 1)),
                same_day=np.flatnonzero(~later),
            )
        )
        begin = end
    return Lives(order=order, rating=grades, days=gaps, places=tuple(places))
