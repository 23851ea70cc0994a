"""What Hypothesis draws: the same in each process, whatever that has loaded before."""

import os
import sys
from types import ModuleType

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st


def drawn() -> list[tuple[int, str]]:
    found = []

    @settings(max_examples=300, database=None, phases=[Phase.generate])
    @given(st.integers(), st.text())
    def draw(number: int, text: str) -> None:
        found.append((number, text))

    draw()
    return found


@pytest.mark.skipif(bool(os.environ.get("GROVE_EXPLORE")), reason="then others are drawn each time")
def test_modules_loaded_in_between_change_nothing(tmp_path, monkeypatch):
    before = drawn()
    for number in range(50):
        module = ModuleType(f"loaded_in_between_{number}")
        path = tmp_path / f"loaded_in_between_{number}.py"
        path.write_text(f'CONSTANTS = {7_000_000 + number}, "words of {number}"\n')
        module.__file__ = str(path)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    assert drawn() == before
