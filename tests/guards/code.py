"""Reading our own code, for promises about all of it."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"tests", "launcher", "bench", "tools"}


def modules(words: str) -> Iterator[ast.Module]:
    """Those in which ``words`` stand."""
    for folder in sorted(ROOT.iterdir()):
        if folder.name in NOT_OURS or not (folder / "__init__.py").exists():
            continue
        for path in folder.rglob("*.py"):
            text = path.read_text()
            if words in text:
                yield ast.parse(text)


def calls_of(function: str, keyword: str) -> set[str]:
    """The texts given as ``keyword`` to calls of ``function``: literals, either side of an if, and constants of the module."""
    found: set[str] = set()
    for module in modules(f"{function}("):
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
