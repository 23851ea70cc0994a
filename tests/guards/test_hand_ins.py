"""Files that learners hand in, and time that runs out while they answer.

Each test is named by its number in the list of abuse cases or of faults.
"""

import errno
import os
import re
import resource
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from socketserver import StreamRequestHandler, ThreadingTCPServer

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from assessments.models import Answer, AnswerFile
from assessments.services import answer_save, assessment_set, attempt_start
from ecosystem import clock
from ecosystem.models import StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.orphans import FOLDERS, files_orphaned_remove
from ecosystem.services.storage import file_store
from tests.assessments.answering import BODIES, make_assessment, right_form
from tests.guards.hostile import code_of_ours

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + rb"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NOTE = b"%PDF-1.7 a hand-in"


@pytest.fixture(autouse=True)
def _files_of_its_own(settings, tmp_path) -> None:
    """Tests that run beside this one have theirs in the common folder."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": options}


@pytest.fixture
def clamd(settings) -> Iterator[ThreadingTCPServer]:
    """Speaks as clamd does, and knows one thing that is harmful."""

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            command = self.rfile.read(len(b"zINSTREAM\0"))
            assert command == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(self.rfile.read(4), "big"):
                content += self.rfile.read(size)
            self.server.looked_at.append(content)
            self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else self.server.says)

    class Server(ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True
        says, looked_at = b"stream: OK\0", []

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hand_in(env, learner, browser_of, monkeypatch):
    """``hand_in(content)``: the page that comes of it, with what the learner is told."""
    monkeypatch.setitem(BODIES, "file_upload", {"type": "file_upload", "most_files": 2, "endings": ["pdf"]})
    with open_scope(environment_id=env.pk, person_id=learner.person_id):
        attempt = attempt_start(assessment=make_assessment("file_upload", "single"), person_id=learner.person_id)
    browser = browser_of(learner)

    def hand(content: bytes) -> str:
        place = f"/attempts/{attempt.uid}/1/files/"
        return browser.post(place, {"file": SimpleUploadedFile("note.pdf", content)}, follow=True).text

    return hand


def kept(env) -> tuple[int, int]:
    """Rows, and files of hand-ins on the disk."""
    with open_scope(environment_id=env.pk):
        rows = AnswerFile.objects.count()
        assert StoredFile.objects.filter(path__startswith="answers/").count() == rows
    folder = f"answers/{env.pk}"
    return rows, len(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else 0


def test_a63_what_a_scanner_finds_is_never_kept(env, hand_in, clamd):
    assert "found something harmful" in hand_in(b"%PDF-1.7 " + EICAR)
    assert kept(env) == (0, 0)
    clamd.says = b"INSTREAM size limit exceeded. ERROR\0"
    assert "could not look at this file" in hand_in(NOTE)
    clamd.says = b"stream: OK\0"
    assert "not taken" not in hand_in(NOTE)
    assert kept(env) == (1, 1)
    assert [content[-len(NOTE) :] for content in clamd.looked_at][-1] == NOTE


def test_a63_while_the_scanner_is_away_nothing_is_taken(env, hand_in, settings):
    settings.CLAMD = "127.0.0.1:1"
    assert "none are taken" in hand_in(NOTE)
    assert kept(env) == (0, 0)


def test_f20_no_room_is_left_while_a_hand_in_is_stored(env, hand_in):
    """The learner is told, and neither a row nor a piece of the file stays."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        said = hand_in(NOTE + b"x" * (2 << 20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "There is no room for this file on the server" in said
    assert kept(env) == (0, 0)
    assert "no room" not in hand_in(NOTE)
    assert kept(env) == (1, 1)


def test_f20_other_faults_of_the_disk_are_not_hidden(env, monkeypatch):
    def broken(*_args: object, **_more: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(FileSystemStorage, "_save", broken)
    with open_scope(environment_id=env.pk), pytest.raises(OSError, match="broken"):
        file_store(path="answers/x.bin", content=b"x")


def killed(environment, moment: str) -> None:
    """A process of its own that stores a file and is killed before or after it has written the row."""
    pid = os.fork()
    if pid == 0:
        try:
            _parents, connection.connection = connection.connection, None
            rows = type(StoredFile.objects)
            save = rows.update_or_create

            def die(*args: object, **more: object) -> None:
                if moment == "after":
                    save(*args, **more)
                os.kill(os.getpid(), signal.SIGKILL)

            rows.update_or_create = die
            with open_scope(environment_id=environment.pk):
                file_store(path=f"answers/killed-{moment}.bin", content=b"half of something")
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(pid, 0)[1]) == signal.SIGKILL


@pytest.mark.usefixtures("own_database")
def test_f22_a_process_is_killed_between_file_and_row(make_environment):
    """No row without a file; a file without a row goes within a day, and nothing else does."""
    env = make_environment("alpha")
    with open_scope(environment_id=env.pk):
        file_store(path="answers/known.bin", content=b"known")
    for moment in ("before", "after"):
        killed(env, moment)
    left = ["answers/killed-after.bin", "answers/killed-before.bin"]
    assert all(default_storage.exists(path) for path in left)
    with open_scope(environment_id=env.pk):
        assert list(StoredFile.objects.values_list("path", flat=True)) == ["answers/known.bin"]
    old = (timezone.now() - timedelta(hours=25)).timestamp()
    assert files_orphaned_remove() == 0, "they may still be on their way"
    for path in (*left, "answers/known.bin"):
        os.utime(default_storage.path(path), (old, old))
    assert files_orphaned_remove() == 2
    assert files_orphaned_remove() == 0
    assert default_storage.exists("answers/known.bin")
    assert not any(default_storage.exists(path) for path in left)


def test_f22_every_folder_that_files_are_stored_in_is_swept():
    named = {folder for _path, text in code_of_ours() for folder in re.findall(r"upload_to=\"(\w+)/?\"", text)}
    named |= {folder for _path, text in code_of_ours() for folder in re.findall(r"path=f\"(\w+)/", text)} | {"imports"}
    assert named == set(FOLDERS)


@pytest.mark.scoped
def test_f26_each_answer_of_the_last_two_minutes_counts(env, member):
    """Saved until the second of the deadline, as often as it changes."""
    who, now = member(), timezone.now()
    quiz = make_assessment("single")
    assessment_set(assessment=quiz, by=who.person, minutes_allowed=10, grace_seconds=0)
    quiz.refresh_from_db()
    with clock.at(now):
        attempt = attempt_start(assessment=quiz, person_id=who.person_id)
        version = Answer.objects.select_related("version").get(attempt=attempt, position=1).version
    form = right_form(version)
    for left in range(120, 0, -1):
        with clock.at(now + timedelta(minutes=10, seconds=-left)):
            given = form if left % 2 else {"answer": []}
            answer_save(attempt_uid=attempt.uid, person_id=who.person_id, position=1, response=given)
    answer = Answer.objects.get(attempt=attempt, position=1)
    assert answer.response is not None
    assert answer.saved_at == now + timedelta(minutes=10, seconds=-1)
