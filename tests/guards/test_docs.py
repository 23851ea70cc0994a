"""What the documents say is so: links lead somewhere, commands and settings exist, nothing of this machine stands in them."""

import re
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve

from ecosystem.models import Environment, Membership
from launcher.cli import COMMANDS

ROOT = Path(settings.BASE_DIR)
# Texts of others that came with their data.
NOT_OURS = ("demo/banks/", "demo/content/courses/", "demo/content/job_aids/")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
# An address of the site in code marks, its parameters in angle brackets: `/garden/elements/<element>/`.
PAGE = re.compile(r"`(?:GET |POST )?(/[a-z][^`\s]*)`")
EXAMPLES = {
    "<question>": "1",
    "<uid>": "00000000-0000-4000-8000-000000000000",
    "<position>": "1",
    "<serial>": "2345-6789-ABCD",
}
COMMAND = re.compile(r"\./grove ([a-z]+)")
SETTING = re.compile(r"environ\.(?:text|flag|number|words)\(\s*\"([A-Z_]+)\"")
OF_THIS_MACHINE = re.compile(r"(?<![\w.])/(work|tmp|root|home)/")


@cache
def documents() -> list[Path]:
    """Every Markdown file of the checkout that is ours, as git sees them (new ones too)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    without_git = [*ROOT.glob("*.md"), *ROOT.glob("[!.]*/**/*.md")]
    names = listed.stdout.split() or [name_of(file) for file in without_git]
    return [ROOT / name for name in sorted(names) if not name.startswith(NOT_OURS) and (ROOT / name).exists()]


def name_of(file: Path) -> str:
    return str(file.relative_to(ROOT))


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(file: Path) -> list[str]:
    found = []
    for link in LINK.findall(CODE.sub("", file.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _sharp, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        missing = not target.exists() or (anchor and anchor not in anchors(target.read_text()))
        if missing:
            found.append(link)
    return found


def unknown_commands(text: str) -> set[str]:
    return set(COMMAND.findall(text)) - set(COMMANDS)


def unknown_pages(text: str) -> list[str]:
    """Addresses in code marks that no route answers; those of the API are in its own schema test."""
    found = []
    for address in PAGE.findall(text):
        path = address.partition("?")[0]
        for name, example in EXAMPLES.items():
            path = path.replace(name, example)
        path = re.sub(r"<[a-z]+>", "example", path)
        if path.startswith("/api/"):
            continue
        try:
            match = resolve(path)
        except Resolver404:
            found.append(address)
            continue
        if match.func.__name__ == "catch_all_view":  # what the admin answers for what it does not have
            found.append(address)
    return found


def test_there_are_documents():
    names = {name_of(file) for file in documents()}
    assert {"README.md", "CONTEXT.md", "docs/README.md", "docs/architecture.md", "docs/deploy.md"} <= names


def said_of(look: Callable[[Path], object]) -> dict[str, object]:
    """What was found in which document."""
    return {name_of(file): found for file in documents() if (found := look(file))}


def test_links_lead_somewhere():
    assert said_of(broken_links) == {}


def test_commands_exist():
    assert said_of(lambda file: unknown_commands(file.read_text())) == {}


def test_addresses_exist():
    assert said_of(lambda file: unknown_pages(file.read_text())) == {}


def test_nothing_of_this_machine():
    assert said_of(lambda file: OF_THIS_MACHINE.findall(file.read_text())) == {}


def test_every_app_has_a_readme():
    for app in settings.GROVE_APPS:
        text = (Path(apps.get_app_config(app).path) / "README.md").read_text()
        assert text.startswith(f"# {app}\n"), app


def test_every_document_of_the_folder_is_in_the_index():
    index = (ROOT / "docs/README.md").read_text()
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs/guides").glob("*.md")]
    names = {str(page.relative_to(ROOT / "docs")) for page in pages} - {"README.md"}
    assert {name for name in names if f"({name})" not in index} == set()
    decisions = (ROOT / "docs/decisions/README.md").read_text()
    assert all(f"({page.name})" in decisions for page in (ROOT / "docs/decisions").glob("0*.md"))


def test_every_setting_stands_in_the_deploy_page():
    text = (ROOT / "docs/deploy.md").read_text()
    read = set(SETTING.findall((ROOT / "config/settings.py").read_text()))
    assert "DATABASE_URL" in read
    assert {name for name in read if f"`{name}`" not in text} == set()


@pytest.mark.django_db
def test_the_first_environment_is_made_as_the_guide_says():
    """The Python of the administrator's guide, run as it stands there."""
    guide = (ROOT / "docs/guides/admin.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "docs/guides/admin.md", "exec"), names)
    made = names["harbour"]
    assert isinstance(made, Environment)
    with names["open_scope"](environment_id=made.pk):  # type: ignore[operator]
        assert [row.roles for row in Membership.objects.all()] == [["admin", "learner"]]


class TestTheRulesFindWhatTheyLookFor:
    def test_links(self, tmp_path):
        page = tmp_path / "page.md"
        page.write_text("# A heading\n[a](#a-heading) [b](#none) [c](gone.md) [d](https://example.org) `[e](gone.md)`")
        assert broken_links(page) == ["#none", "gone.md"]

    def test_commands(self):
        assert unknown_commands("`./grove run` and `./grove fly`") == {"fly"}

    def test_addresses(self):
        assert unknown_pages("`/garden/map/` `/garden/moon/` `/admin/ecosystem/moon/`") == [
            "/garden/moon/",
            "/admin/ecosystem/moon/",
        ]
