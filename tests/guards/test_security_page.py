"""docs/security.md names tests that exist, and every test whose name has the number of an attack or a fault."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = (ROOT / "docs/security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_every_test_that_is_named_exists():
    named = NAMED.findall(PAGE)
    assert len(named) > 60
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or not re.search(rf"^\s*def {name}\(", (ROOT / file).read_text(), re.MULTILINE)
    ]
    assert missing == []


def test_no_numbered_test_is_left_out():
    named = {name for _file, name in NAMED.findall(PAGE)}
    found = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*def (test_[af]\d{2,3}_\w+)\(", path.read_text(), re.MULTILINE)
    }
    assert found - named == set()
