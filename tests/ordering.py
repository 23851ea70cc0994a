"""In which order the suite runs: what waits for servers and browsers lies between what only computes.

Both at once keep the cores busy, and nothing long is left for the end, when one process works and the others look on.
"""

from itertools import chain

import pytest

# Each a minute of a core or more: begun at once. `test_every_form.py` kept the others waiting at the end.
LONG = ("test_cross_tenant.py", "test_every_form.py")


def spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """The files whole and in the same order among their like; those that wait evenly over the first three quarters."""
    files: dict[str, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(str(item.path), []).append(item)
    first = [tests for path, tests in files.items() if path.endswith(LONG)]
    waiting = [
        tests for path, tests in files.items() if not path.endswith(LONG) and tests[0].get_closest_marker("live")
    ]
    computing = [one for one in files.values() if one not in first and one not in waiting]
    step = max(1, len(computing) * 3 // 4 // max(1, len(waiting)))
    ordered = first
    for place, tests in enumerate(computing):
        if waiting and place % step == 0:
            ordered.append(waiting.pop(0))
        ordered.append(tests)
    return list(chain.from_iterable([*ordered, *waiting]))
