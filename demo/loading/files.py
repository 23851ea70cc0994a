"""The demo's content as it stands in demo/content (its README explains the format)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"


@cache
def read(name: str) -> Any:
    """A YAML file below demo/content."""
    return yaml.load((CONTENT / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def text(name: str) -> str:
    """A Markdown file below demo/content."""
    return (CONTENT / name).read_text(encoding="utf-8")


def courses() -> list[dict[str, Any]]:
    """Every course plan, in alphabetical order of folder."""
    return [read(f"courses/{path.parent.name}/course.yaml") for path in sorted(CONTENT.glob("courses/*/course.yaml"))]
