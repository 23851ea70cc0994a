"""Files that people bring.

Each test is named by its number in the list of abuse cases.
"""

import re
import sys
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.importers.moodle_xml import parse_moodle_xml
from assessments.models import Picture
from assessments.services import bank_create
from ecosystem.scope import open_scope
from tests.guards.hostile import BAD_XML, code_of_ours


@pytest.mark.parametrize("kind", BAD_XML)
def test_a64_xml_of_strangers_fetches_and_swells_nothing(kind):
    start = time.monotonic()
    result = parse_moodle_xml(BAD_XML[kind].encode(), filename="x.xml")
    assert time.monotonic() - start < 1
    assert not result.questions
    assert "root:" not in repr(result)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\x.xml", "/etc/passwd", "a\x00.xml", "C:\\x", "x" * 5000, "<script>"]
)
def test_a62_a_file_name_is_only_a_name(env, member, browser_of, name):
    with open_scope(environment_id=env.pk):
        bank_create(title="Bank", creators=["Ada"], slug="bank")
    client = browser_of(member("author"))
    client.raise_request_exception = False
    answer = client.post("/banks/bank/import/", {"file": SimpleUploadedFile(name, b"<quiz/>")})
    assert answer.status_code in {200, 302, 400}
    answer = client.post("/banks/bank/import/", {"key": "../" * 20 + "etc/passwd", "filename": name})
    assert answer.status_code in {200, 302}
    assert "root:" not in answer.text


@pytest.mark.parametrize("sha", ["..%2f..%2fetc%2fpasswd", "../../etc/passwd", "%00", "f" * 63, "F" * 64])
def test_a58_a_picture_is_named_by_its_content_only(env, learner, browser_of, sha):
    assert browser_of(learner).get(f"/pictures/{sha}/").status_code == 404


# What turns bytes into objects, code or commands; with where it stands all the same, and why.
FORBIDDEN = re.compile(
    r"(?<![\w.])(?<!def )(?:eval|exec|compile|__import__)\(|^\s*(?:import|from) (?:pickle|marshal|shelve|dill|subprocess|pty)\b"
    r"|\byaml\.(?:unsafe_)?load\((?!.*Loader=yaml\.CSafeLoader\))|\bos\.(?:system|popen|exec\w*|spawn\w*)\(|\bshell=True",
    re.MULTILINE,
)
FINE = {
    "demo/management/commands/demo.py": "starts itself again for each environment; no words of people in it",
    "handins/files/apart.py": "programs of our own read and show files, in a process with limits; their path comes as data",
    "ecosystem/nameless/cleaning.py": "one program of our own frees files of names, in a process with limits; their path comes as data",
    "ecosystem/pdf.py": "one program of our own makes documents, in a process with limits; words come to it as data",
}


def test_a65_a66_nothing_that_people_bring_becomes_code_or_a_command():
    """No eval, no pickles, no YAML that makes objects, no programs, in the whole code that serves people."""
    found = {str(path): FORBIDDEN.findall(text) for path, text in code_of_ours()}
    assert {name: words for name, words in found.items() if words and name not in FINE} == {}
    assert all(found[name] for name in FINE)


WORDS_OF_A_SHELL = ["a; touch owned", "$(touch owned)", "`touch owned`", "a | touch owned", "-rf", "../x", "a\nb"]


@pytest.mark.django_db
def test_a65_a66_words_of_a_shell_or_a_pickle_in_a_file_are_words(env):
    """They come in as a question, are written down, and start nothing: an audit hook of Python hears of any program."""
    heard: list[str] = []
    sys.addaudithook(
        lambda event, _args: (
            heard.append(event)
            if watching and event in {"subprocess.Popen", "os.system", "pickle.find_class", "os.exec", "os.posix_spawn"}
            else None
        )
    )
    question = (
        '<question type="truefalse"><name><text>{words}</text></name><questiontext format="html"><text>{words}</text></questiontext>'
        '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>'
    )
    words = [*WORDS_OF_A_SHELL, "!!python/object/apply:os.system ['touch owned']", "cos\nsystem\n(S'touch owned'\ntR."]
    watching = True
    try:
        for text in words:
            data = f"<quiz>{question.format(words=text)}</quiz>".encode()
            with open_scope(environment_id=env.pk):
                found = parse_moodle_xml(data, filename=text)
            assert len(found.questions) == 1, text
    finally:
        watching = False
    assert heard == []


@pytest.mark.django_db
@pytest.mark.parametrize("media_type", ["image/svg+xml", "text/html", "application/pdf", "application/xml"])
def test_a44_only_pictures_that_can_do_nothing_are_served(env, learner, browser_of, media_type):
    """Even when a row says otherwise: what is no PNG, JPEG or GIF has no address."""
    with open_scope(environment_id=env.pk):
        bank = bank_create(title="Bank", creators=["Ada"], slug="bank")
        picture = Picture(environment_id=env.pk, element=bank, sha256="a" * 64, name="x.png", media_type=media_type)
        picture.file.save("x.png", ContentFile(b"<svg onload='alert(1)'/>"), save=True)
    assert browser_of(learner).get(f"/pictures/{'a' * 64}/").status_code == 404
