"""What people are told of has a name: in their preferences, at the foot of letters, and for who looks at the post."""

import ast
import importlib
from pathlib import Path

from notifications.registry import notice_kinds
from tests.databases import ROOT

TELLING = {"notify", "notify_many", "mail_queue"}


def name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def told(file: Path) -> set[str]:
    """The kinds that a file names when it tells somebody something."""
    tree = ast.parse(file.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and name_of(node.func) in TELLING]
    given = [word.value for call in calls for word in call.keywords if word.arg == "kind"]
    found = {node.value for node in given if isinstance(node, ast.Constant)}
    if named := {node.id for node in given if isinstance(node, ast.Name)}:
        module = importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
        found |= {getattr(module, name) for name in named if hasattr(module, name)}
    return found


def test_every_kind_that_is_told_is_registered():
    files = [file for app in ROOT.glob("*/apps.py") for file in app.parent.rglob("*.py")]
    found = set().union(*(told(file) for file in files if any(name in file.read_text() for name in TELLING)))
    assert len(found) > 10
    assert found <= {kind.key for kind in notice_kinds}


def test_what_nobody_can_choose_is_always_sent():
    assert all(kind.fixed for kind in notice_kinds if not kind.chosen)
