"""Reading our own code, for promises about all of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"tests", ".venv", "launcher", "bench", "tools", ".grove"}


def modules() -> Iterator[ast.Module]:
    for path in ROOT.glob("*/**/*.py"):
        if path.relative_to(ROOT).parts[0] not in NOT_OURS:
            yield ast.parse(path.read_text())


def calls_of(function: str, keyword: str) -> set[str]:
    """The texts given as ``keyword`` to calls of ``function``: literals, either side of an if, and constants of the module."""
    found: set[str] = set()
    for module in modules():
        constants = {
            target.id: node.value
            for node in ast.walk(module)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function:
                for one in node.keywords:
                    if one.arg == keyword:
                        found |= _texts(one.value, constants)
    return found


def _texts(node: ast.expr, constants: dict[str, ast.expr]) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _texts(node.body, constants) | _texts(node.orelse, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return _texts(constants[node.id], constants)
    return set()
