"""What a mark is worth to one of a team; and that such computations know no rows."""

import pkgutil
import subprocess
import sys

import pytest
from django.conf import settings

from handins import computations
from handins.computations.apart import own_result


@pytest.mark.parametrize(
    ("score", "passed", "apart", "pass_mark", "own"),
    [
        (0.5, False, None, 50, (0.5, False)),
        (0.5, False, (10, None), 60, (0.6, True)),
        (0.9, True, (20, None), None, (1.0, True)),
        (0.1, True, (-20, False), None, (0.0, False)),
        (None, True, (0, False), 60, (None, False)),
        (None, True, (0, None), None, (None, True)),
    ],
)
def test_what_a_mark_is_worth_to_one_of_a_team(score, passed, apart, pass_mark, own):
    assert own_result(score=score, passed=passed, apart=apart, pass_mark=pass_mark) == own


def test_computations_know_no_rows():
    """In a process of its own, which has neither settings nor apps."""
    names = [one.name for one in pkgutil.iter_modules(computations.__path__)]
    said = "; ".join(
        ["import sys", *(f"import handins.computations.{name}" for name in names), "assert 'django' not in sys.modules"]
    )
    subprocess.run([sys.executable, "-c", said], check=True, cwd=settings.BASE_DIR)
