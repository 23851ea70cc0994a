"""What a step is called: the label of its type, or what its own app calls it."""

from collections.abc import Iterable

from ecosystem.registry import Words, activity_types


def labels_of(steps: Iterable[tuple[str, int]]) -> dict[int, Words]:
    """By target, of steps as (type, target); one query for each type that has several names."""
    targets: dict[str, list[int]] = {}
    for type_, target in steps:
        targets.setdefault(type_, []).append(target)
    labels: dict[int, Words] = {}
    for type_, ids in targets.items():
        kind = activity_types[type_]
        labels |= dict.fromkeys(ids, kind.label)
        if kind.called is not None:
            labels |= kind.called(ids)
    return labels
