"""In which order the suite is loaded and runs: what waits for servers and browsers lies between what only computes.

Both at once keep the cores busy, and nothing long is left for the end, when one process works and the others look on.
"""

from itertools import accumulate, chain
from pathlib import Path

import pytest

# Each a minute of a core or more: begun early. `test_every_form.py` kept the others waiting at the end.
LONG = ("test_cross_tenant.py", "test_every_form.py")
# One of them makes the scene that they all attack. The others come after this share of the files, when it is there.
MAKES_THE_SCENE = "test_nothing_of_others[0]"
UNTIL_THE_SCENE_STANDS = 1 / 12


def loaded_from(folder: Path, *, share: float) -> list[str]:
    """All folders and files of tests, begun after this share of their text.

    Each process loads all of them, and keeps what it has compiled for the others. On a fresh machine they all would
    compile the same file at the same time; so each begins elsewhere, and meets the work of the others when it gets there.
    """
    places = sorted(
        [path for path in folder.iterdir() if next(path.rglob("test_*.py"), None) or path.match("test_*.py")]
    )
    sizes = [sum(file.stat().st_size for file in [*path.rglob("*.py"), path] if file.is_file()) for path in places]
    first = sum(before <= share * sum(sizes) for before in accumulate(sizes))
    return [str(path) for path in (*places[first:], *places[:first])]


def spread(items: list[pytest.Item]) -> list[pytest.Item]:
    """The files whole and in the same order among their like; those that wait evenly over the first three quarters."""
    files: dict[str, list[pytest.Item]] = {}
    for item in sorted(items, key=lambda item: str(item.path)):  # loaded in another order by each process
        files.setdefault(str(item.path), []).append(item)
    long = [tests for path, tests in files.items() if path.endswith(LONG)]
    waiting = [
        tests for path, tests in files.items() if not path.endswith(LONG) and tests[0].get_closest_marker("live")
    ]
    computing = [one for one in files.values() if one not in long and one not in waiting]
    step = max(1, len(computing) * 3 // 4 // max(1, len(waiting)))
    ordered = [[item for tests in long for item in tests if item.name == MAKES_THE_SCENE]]
    rest = [[item for item in tests if item.name != MAKES_THE_SCENE] for tests in long]
    for place, tests in enumerate(computing):
        if place >= len(computing) * UNTIL_THE_SCENE_STANDS:
            ordered += rest
            rest = []
        if waiting and place % step == 0:
            ordered.append(waiting.pop(0))
        ordered.append(tests)
    return list(chain.from_iterable([*ordered, *rest, *waiting]))
