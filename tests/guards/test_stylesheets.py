"""A page loads the stylesheet of every class that it uses: without it, it looks broken and nothing says so."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from content.views.support import PINNED
from events.training_views import KEPT
from memotrainer.views import OFFLINE_FILES

TEMPLATES, SHEETS = settings.BASE_DIR / "templates", settings.BASE_DIR / "static" / "css"
EVERYWHERE = ("base.css", "app.css")  # in the frame of every page
APART = ("admin", "mail")  # have styles of their own
CLASSES = {
    sheet.name: set(re.findall(r"\.([a-zA-Z][\w-]*)", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)))
    for sheet in SHEETS.glob("*.css")
}


def whole(name: str, seen: set[str]) -> str:
    """A template with what it includes and extends; some include themselves."""
    path = TEMPLATES / name
    if name in seen or not path.exists():
        return ""
    seen.add(name)
    text = path.read_text()
    return text + "".join(whole(one, seen) for one in re.findall(r'{%\s*(?:include|extends)\s+"([^"]+)"', text))


def missing_in(page: Path) -> dict[str, str]:
    """Classes without a stylesheet -> a stylesheet that has them."""
    text = whole(str(page.relative_to(TEMPLATES)), {"base.html"})
    loaded = {*EVERYWHERE, *re.findall(r"css/([\w-]+\.css)", text)}
    known = set().union(*(CLASSES[name] for name in loaded))
    used = {
        one for found in re.findall(r'class="([^"]*)"', text) for one in re.sub(r"{%.*?%}|{{.*?}}", " ", found).split()
    }
    return {one: sheet for one in used - known for sheet, classes in CLASSES.items() if one in classes}


def test_a_page_loads_what_its_classes_need():
    pages = [
        path
        for path in sorted(TEMPLATES.glob("*/*.html"))
        if path.parent.name not in APART and "{% extends" in path.read_text()
    ]
    assert {f"{path.parent.name}/{path.name}": missing for path in pages if (missing := missing_in(path))} == {}
    assert len(pages) > 150


@pytest.mark.parametrize("kept", [OFFLINE_FILES, PINNED, KEPT], ids=["cards", "job aids", "attendance"])
def test_a_page_without_network_has_them_too(kept):
    assert {f"css/{sheet}" for sheet in EVERYWHERE} <= set(kept)


def test_a_frame_of_its_own_has_both_sheets():
    frames = [path for path in TEMPLATES.rglob("*.html") if "css/app.css" in path.read_text()]
    assert [path.name for path in frames if "css/base.css" not in path.read_text()] == []
