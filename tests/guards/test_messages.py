"""Every word on screen is there in Dutch, says the same holes to fill, and reaches the page."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import gettext, ngettext, override

from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from tests.guards.cross_arena import arena
from tests.guards.scene import scene_make
from tests.guards.twins import Twin

ROOT = Path(settings.BASE_DIR)
FOLDER = ROOT / "locale" / "nl" / "LC_MESSAGES"
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
CALLS = re.compile(rf"\b({'|'.join(sorted(MARKS))})\(")  # a text without one need not be parsed
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|<[^>]+>|\bTIME\b")
# What an English page of Grove would say. Words that Dutch has too (quiz, open, minutes as min) are no markers.
ENGLISH = [
    "Skip to content", "Search", "Your menu", "Language and appearance", "Sign in", "Sign out", "Catalogue", "Continue",
    "My courses", "Courses", "Certificates", "Daily cards", "Cards", "Notices", "Light", "Dark", "Good morning",
    "Good afternoon", "Good evening", "Also today", "Next up", "Made by", "Progress", "Question", "Your answer", "Back",
    "Next", "Finish", "Passed", "Result", "Right answer", "Issued on", "Valid until", "Save", "Settings", "What you know",
    "Garden", "Connections", "Reports", "Enrolled", "Finished", "Forgot", "password", "E-mail address", "Not found",
]  # fmt: skip
MARKER = re.compile(r"\b(" + "|".join(map(re.escape, ENGLISH)) + r")\b")
FORMAL = re.compile(r"\b([Uu]|[Uu]w)\b")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(FOLDER / "django.po"))


def _pairs(entry: polib.POEntry) -> list[tuple[str, str]]:
    """(English, Dutch) of each form."""
    if not entry.msgid_plural:
        return [(entry.msgid, entry.msgstr)]
    return [(entry.msgid, entry.msgstr_plural[0]), (entry.msgid_plural, entry.msgstr_plural[1])]


def _by_word(entries: Iterable[polib.POEntry]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The same word may be said differently where it means something else (its context)."""
    return {(entry.msgctxt or "", entry.msgid): _pairs(entry) for entry in entries}


def test_every_message_is_translated_and_none_is_a_guess(catalogue):
    assert len(catalogue) > 500
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []
    assert [entry.msgid for entry in catalogue.obsolete_entries()] == []


def _marked() -> set[str]:
    """The English texts of the code and of the simple tags in templates; longer blocks are makemessages' work."""
    found = set()
    for app in settings.GROVE_APPS:
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if not CALLS.search(text):
                continue
            for node in ast.walk(ast.parse(text)):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in MARKS
                    and node.args
                ):
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and isinstance(first.value, str):
                        found.add(first.value)
    for path in (ROOT / "templates").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'{%\s*translate "([^"]+)"', text)) | set(re.findall(r'[=|(\s]_\("([^"]+)"\)', text))
    return found


def test_every_marked_text_is_in_the_file(catalogue):
    """Somebody who writes a new text runs makemessages; the words of a new sentence must not wait for a reader."""
    marked = _marked()
    assert len(marked) > 500
    assert sorted(marked - {entry.msgid for entry in catalogue}) == []


def test_both_sides_have_the_same_holes(catalogue):
    wrong = [
        (english, dutch)
        for entry in catalogue
        for english, dutch in _pairs(entry)
        if sorted(HOLE.findall(english)) != sorted(HOLE.findall(dutch))
    ]
    assert wrong == []


def test_spaces_at_the_ends_are_kept(catalogue):
    """`" or "` joins two sentences: without its spaces they stick together."""
    ends = re.compile(r"^\s*|\s*$")
    wrong = [
        english
        for entry in catalogue
        for english, dutch in _pairs(entry)
        if ends.findall(english) != ends.findall(dutch)
    ]
    assert wrong == []


def test_dutch_says_je(catalogue):
    assert [dutch for entry in catalogue for _, dutch in _pairs(entry) if FORMAL.search(dutch)] == []


def test_the_compiled_file_is_what_the_words_compile_to(catalogue):
    compiled = polib.mofile(str(FOLDER / "django.mo"))
    assert _by_word(compiled) == _by_word(catalogue)


def test_nothing_of_the_machine_that_wrote_it(catalogue):
    text = (FOLDER / "django.po").read_text(encoding="utf-8")
    assert "POT-Creation-Date" not in text
    assert re.findall(r"^#: /|^#: .*:\d+", text, re.MULTILINE) == []


def test_borrowed_sentences_win_over_those_of_django():
    with override("nl"):
        assert (
            gettext("Your password can’t be a commonly used password.")
            == "Kies geen wachtwoord dat veel mensen gebruiken."
        )
        one = "Your password must contain at least %(min_length)d character."
        assert "je" in ngettext(one, one.replace("character", "characters"), 12).lower().split()


# --- pages -------------------------------------------------------------------------------------------------------
VISITOR = ["/", "/accounts/login/", "/accounts/password/reset/", "/verify/", "/nothing-here/"]
PAGES = {
    "learner": [
        "/", "/catalogue/", "/catalogue/?q=xyzzy", "/catalogue/ours-course/", "/courses/", "/courses/ours-course/",
        "/learn/ours-page/", "/quiz/ours-quiz/", "/certificates/", "/notices/", "/memo/", "/memo/progress/",
        "/memo/settings/", "/accounts/logout/",
    ],
    "author": ["/", "/banks/", "/banks/ours-bank/", "/banks/ours-bank/import/"],
    "gardener": ["/", "/garden/", "/garden/map/", "/garden/elements/ours-page/"],
    "sponsor": ["/", "/reports/", "/reports/ecosystem/"],
}  # fmt: skip


def said(html: str) -> str:
    """What a person sees or hears: text, labels, placeholders; without the button that says English in English."""
    html = re.sub(r"<script\b.*?</script>|<style\b.*?</style>", " ", html, flags=re.DOTALL)
    html = re.sub(r'<button[^>]*\slang="en".*?</button>', " ", html, flags=re.DOTALL)
    heard = re.findall(r'\s(?:aria-label|placeholder|title|alt|data-[a-z]+)="([^"]*)"', html)
    return " ".join([re.sub(r"<[^>]*>", " ", html), *heard])


def english_in(client: Client, path: str, *, status: int = 200) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == status, path
    html = answer.content.decode()
    assert '<html lang="nl"' in html, path
    return sorted(set(MARKER.findall(said(html))))


def _browser(twin: Twin, role: str) -> Client:
    client = Client(HTTP_HOST=twin.host)
    client.cookies["session"] = twin.sessions[role]
    client.cookies["language"] = "nl"
    return client


def _attempt_pages(twin: Twin) -> list[str]:
    mine = [row for row in twin.rows["assessments.Attempt"] if row["person_id"] == twin.people["learner"].person_id]
    finished = [f"/attempts/{row['uid']}/review/" for row in mine if row["finished_at"]]
    taking = [f"/attempts/{row['uid']}/{rest}" for row in mine if not row["finished_at"] for rest in ("", "1/")]
    assert finished
    assert taking
    return [*finished, *taking]


@pytest.fixture
def twin(django_db_setup, django_db_blocker) -> Iterator[Twin]:
    with django_db_blocker.unblock(), arena(scene_make) as scene:
        yield scene.attacker


def test_a_page_of_every_app_speaks_dutch_only(twin):
    found = {}
    for role, paths in PAGES.items():
        client = _browser(twin, role)
        for path in [*paths, *(_attempt_pages(twin) if role == "learner" else [])]:
            found[role, path] = english_in(client, path)
    serial = twin.values("certificates.Certificate", "serial")[0]
    found["visitor", serial] = english_in(_browser(twin, "learner"), f"/verify/{serial}/")
    assert {page: words for page, words in found.items() if words} == {}


def test_the_markers_would_be_seen(env, browser_of):
    """On an English page they are there: the list is not stale and the reading is not blind."""
    seen = said(browser_of(env).get("/accounts/login/").content.decode())
    assert {"Skip to content", "Language and appearance", "Sign in"} <= set(MARKER.findall(seen))


@pytest.mark.parametrize("path", VISITOR)
def test_a_dutch_environment_speaks_dutch_to_a_visitor(make_environment, browser_of, path):
    visitor = browser_of(make_environment("gamma", language="nl"))
    assert english_in(visitor, path, status=404 if "nothing" in path else 200) == []


def test_the_visitor_may_choose_another_language_and_keeps_it(make_environment, browser_of):
    visitor = browser_of(make_environment("gamma", language="nl"))
    answer = visitor.post("/i18n/setlang/", {"language": "en", "next": "/accounts/login/"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/"
    assert "Sign in" in visitor.get("/accounts/login/").content.decode()
    visitor.post("/i18n/setlang/", {"language": "nl", "next": "/"})
    assert english_in(visitor, "/accounts/login/") == []


def test_a_language_that_grove_does_not_speak_changes_nothing(env, browser_of):
    visitor = browser_of(env)
    visitor.post("/i18n/setlang/", {"language": "xx", "next": "/"})
    assert visitor.get("/").headers["Content-Language"] == "en"


def test_a_person_is_addressed_in_their_own_language(env, browser_of):
    with open_scope(environment_id=env.pk):
        membership = member_add(email="sanne@example.org", name="Sanne", roles=["learner"], language="nl")
        membership.environment = env
    assert english_in(browser_of(membership), "/") == []


def test_a_short_password_is_refused_in_dutch():
    with override("nl"), pytest.raises(ValidationError) as refused:
        validate_password("kort")
    assert refused.value.messages == ["Dit wachtwoord is te kort. Het moet minstens 12 tekens lang zijn."]
