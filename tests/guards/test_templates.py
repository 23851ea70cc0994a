"""Templates keep to the strict Content-Security-Policy, components to their parameters, files to their budgets."""

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from ecosystem.templatetags.ui import icon_names
from ecosystem.theme import theme_css

ROOT = Path(settings.BASE_DIR)
STATIC = ROOT / "static"
FOLDERS = [ROOT / "templates", *(path for path in ROOT.glob("*/templates") if path.is_dir())]
TEMPLATES = sorted(
    (folder, path) for folder in FOLDERS for path in folder.rglob("*") if path.suffix in {".html", ".txt", ".svg"}
)
# Mail and PDF are not pages: their style sheets travel inside them.
NO_PAGES = ("mail/", "certificates/pdf", "reporting/pdf")
FORBIDDEN = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/(ld\+)?json)[^>]*>", re.IGNORECASE),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript address": re.compile(r"(href|action|src)\s*=\s*[\"']?\s*javascript:", re.IGNORECASE),
    "htmx that needs eval": re.compile(
        r"hx-on|hx-vals\s*=\s*[\"']\s*js:|hx-trigger\s*=\s*[\"'][^\"']*\[", re.IGNORECASE
    ),
    "file from another host": re.compile(
        r"<(script|link|img|source)\b[^>]*(src|href)\s*=\s*[\"']?(https?:)?//", re.IGNORECASE
    ),
}
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", re.DOTALL)
KIB = 1024
LEARNER_JS = 40 * KIB
WRITING_JS = 201 * KIB
CSS = 15 * KIB
SPRITE = 10 * KIB


def name_of(folder, path):
    return path.relative_to(folder).as_posix()


PAGES = {
    name_of(*one): one[1] for one in TEMPLATES if one[1].suffix == ".html" and not name_of(*one).startswith(NO_PAGES)
}


def packed(*files):
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def inline_in(path):
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    return {rule: match[0] for rule, pattern in FORBIDDEN.items() if (match := pattern.search(text))}


def test_a_page_has_nothing_inline():
    assert {name: found for name, path in PAGES.items() if (found := inline_in(path))} == {}
    assert len(PAGES) > 300


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("inline style", '<p style="color:red">'),
        ("inline script", "<script>go()</script>"),
        ("event attribute", '<a href="#" onclick="go()">'),
        ("javascript address", '<a href="javascript:go()">'),
        ("htmx that needs eval", '<a hx-trigger="click[ctrlKey]">'),
        ("file from another host", '<img src="https://example.org/x.png">'),
    ],
)
def test_the_rules_find_what_they_look_for(rule, source):
    assert FORBIDDEN[rule].search(source)
    assert not FORBIDDEN[rule].search(
        '<script type="module" src="/static/js/app.js"></script><a href="/on/">style = on</a>'
    )


def test_a_template_compiles():
    """Compiling checks each component call: unknown and missing parameters are errors."""
    names, wrong = [name_of(*one) for one in TEMPLATES if one[1].suffix != ".svg"], {}
    for name in names:
        try:
            get_template(name)
        except Exception as error:  # noqa: BLE001 -- each is told, whatever it is
            wrong[name] = error
    assert wrong == {}
    assert len(names) > 300


def test_every_icon_that_is_named_is_in_the_sprite():
    """In templates (tag and parameter) and in Python (navigation, activity types, to-dos)."""
    pattern = re.compile(r"\{% icon ['\"]([a-z0-9-]+)['\"]|\bicon(?:_end)?['\"]?\s*[=:]\s*['\"]([a-z0-9-]+)['\"]")
    sources = [path for _, path in TEMPLATES] + [path for path in ROOT.glob("*/*.py") if path.parent.name != "tests"]
    named = {
        (first or second, path.name)
        for path in sources
        for first, second in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert {one for one in named if one[0] not in icon_names()} == set()


def test_javascript_of_a_learner_page_stays_small():
    """All own scripts but those of who makes and teaches, together with htmx: more than any single page of a learner loads."""
    files = {"hand-in-files.js", "record.js", "upload.js"}  # of hand-ins only, and counted there
    others = {"builder", "editor", "import", "question-edit"}  # of who makes
    others |= {"api-reference"}  # of who writes software
    others |= {
        "attendance",
        "attendance-kept",
        "saved-comments",
        "page-remarks",
        "remarks",
        "review-kept",
    }  # of who teaches
    learners = (path for path in STATIC.glob("js/*.js") if path.stem not in others and path.name not in files)
    htmx = list(STATIC.glob("vendor/htmx-*.min.js"))
    assert packed(*learners, *htmx) <= LEARNER_JS
    hand_in = [STATIC / "js" / name for name in (*files, "app.js", "store.js", "draft.js", "hand-in.js")]
    assert packed(*hand_in, *htmx, *STATIC.glob("vendor/noble-hashes-*/*.js")) <= LEARNER_JS


def test_javascript_of_the_editor_is_on_the_edit_page_only():
    """Tiptap, ProseMirror and markdown-it weigh more than all the rest (docs/decisions/0020): for who writes, and nobody else."""
    editor = [*STATIC.glob("vendor/tiptap-*.min.js"), *STATIC.glob("js/visual/*.js"), STATIC / "js" / "editor.js"]
    assert packed(*editor, STATIC / "js" / "app.js", *STATIC.glob("vendor/htmx-*.min.js")) <= WRITING_JS
    naming = [
        path.relative_to(STATIC) for path in STATIC.rglob("*.js") if "/tiptap-" in path.read_text(encoding="utf-8")
    ]
    assert {path.parent.as_posix() for path in naming} == {"js/visual"}
    assert [name for name, path in PAGES.items() if "js/visual/" in path.read_text(encoding="utf-8")] == [
        "content/edit.html"
    ]


def test_css_of_a_learner_page_stays_small():
    theme = len(gzip.compress(theme_css(brand="#0b6e69", accent="#e8743b").encode(), 9))
    assert packed(*(STATIC / "css" / name for name in ("base.css", "app.css", "play.css"))) + theme <= CSS
    assert packed(STATIC / "img" / "icons.svg") <= SPRITE


def test_style_sheets_have_logical_sides_only():
    """Right-to-left works because no rule names left or right. Admin is excepted: it follows Django's own sheets."""
    pattern = re.compile(
        r"\b(margin|padding|border|inset)-(left|right)\b|[{;]\s*(left|right)\s*:|text-align:\s*(left|right)"
    )
    for sheet in ("base.css", "app.css", "play.css", "grow.css"):
        assert pattern.findall((STATIC / "css" / sheet).read_text(encoding="utf-8")) == [], sheet


def test_vendored_files_are_what_the_lock_says():
    done = subprocess.run(  # fixed arguments
        [sys.executable, str(ROOT / "tools" / "vendor.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_short_months_are_written_as_each_language_writes_them():
    """Django's "M" gives every month a capital, also where a language has none (3 Nov); "N" does as the language does."""
    short = re.compile(r'date:"[^"]*M[^"]*"')
    assert [str(path) for _folder, path in TEMPLATES if short.search(path.read_text())] == []
