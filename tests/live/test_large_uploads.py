"""A large file into a real web process: cut in the middle of a part, the process killed, gone on with, in constant memory.

GROVE_UPLOAD_MB=2048 sends as much as an assignment can take; its figures are printed.
"""

import hashlib
import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from tests.live.learning import Learner

pytestmark = pytest.mark.live
MB = 1024 * 1024
PART = 4 * MB
SIZE = int(os.environ.get("GROVE_UPLOAD_MB", "160")) * MB
ROOM = 96 * MB  # threads of the server hold a part each, and Python keeps some of what it had
HOST, EMAIL, ASSIGNMENT = "demo.localhost", "learner@demo.example.org", "large-film"
MAKE = f"""
from ecosystem.models import Environment, Membership
from ecosystem.scope import open_scope
from handins.services import assignment_make
here = Environment.objects.get(slug="demo")
with open_scope(environment_id=here.pk):
    by = Membership.objects.get(person__email="author@demo.example.org")
    assignment_make(title="Large film", slug="{ASSIGNMENT}", markdown="Film it.", takes_files=True, most_mb=2048, by=by)
"""
BLOCK = os.urandom(PART)


def part_at(start: int) -> bytes:
    place = start % PART
    content = (BLOCK[place:] + BLOCK[:place])[: SIZE - start]
    return b"\x1a\x45\xdf\xa3" + content[4:] if start == 0 else content


class Sender:
    """What the script of the page does, without holding the file."""

    def __init__(self, learner: Learner) -> None:
        self.port, browser = learner.site.port, learner.browser
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        self.headers = {"Host": f"{HOST}:{self.port}", "Cookie": cookies, "X-CSRFToken": browser.token}

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], dict]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        line.request(method, path, body, {"Content-Type": "application/json", **self.headers, **headers})
        answer = line.getresponse()
        said = json.loads(answer.read() or b"{}")
        line.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, said

    def part(self, place: str, start: int) -> tuple[int, dict[str, str], dict]:
        kind = {"Content-Type": "application/octet-stream", "Upload-Offset": str(start)}
        for _try in range(100):
            status, headers, said = self.ask("PATCH", place, part_at(start), **kind)
            if status != 429:
                return status, headers, said
            time.sleep(1)
        raise AssertionError("too many requests, for ever")

    def cut(self, place: str, start: int) -> None:
        """Half of a part, and the line is gone."""
        body = part_at(start)
        head = {**self.headers, "Content-Type": "application/octet-stream", "Upload-Offset": str(start)}
        lines = [f"PATCH {place} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        lines.append(f"Content-Length: {len(body)}")
        with socket.create_connection(("127.0.0.1", self.port), 30) as line:
            line.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])


def memory(pid: int) -> int:
    one = psutil.Process(pid)
    return sum(process.memory_info().rss for process in [one, *one.children(recursive=True)])


@contextmanager
def watching(pid: int) -> Iterator[list[int]]:
    """The memory of a process and its children, again and again."""
    seen, done = [memory(pid)], threading.Event()

    def look() -> None:
        while not done.wait(0.05):
            seen.append(memory(pid))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def test_a_large_film_is_cut_and_gone_on_with_in_constant_memory(site):
    site.start("broker", "web")
    site.run(MAKE)
    with Learner(site, EMAIL, HOST) as learner:
        learner.get("/me/profile/")
        sender = Sender(learner)
        draft = sender.ask("POST", "/api/v1/handins/", json.dumps({"assignment": ASSIGNMENT}).encode())[2]["uid"]
        said = json.dumps({"handin": draft, "name": "film.webm", "size": SIZE}).encode()
        status, _headers, upload = sender.ask("POST", "/api/v1/uploads/", said)
        assert status == 201, upload
        place, total, at = f"/api/v1/uploads/{upload['uid']}/", hashlib.sha256(), 0
        half = SIZE // PART // 2 * PART
        began = time.monotonic()
        while at < half:
            status, headers, said_back = sender.part(place, at)
            assert status == 200, said_back
            total.update(part_at(at))
            at = int(headers["upload-offset"])
        sender.cut(place, at)
        site.kill("web")
        site.start("web")
        there = sender.ask("GET", place)[2]["received"]  # now, when nobody writes what had come any more
        assert half <= there < half + PART, "what came of the part may count"
        assert sender.part(place, there + PART)[1]["upload-offset"] == str(there), "another tab is told where to go on"
        assert sender.part(place, there)[0] == sender.part(place, there)[0] == 200, "and twice is once"
        total.update(part_at(at)[: there - at] + part_at(there))
        at = there + PART
        with watching(site.processes["web"].pid) as seen:
            while at < SIZE:
                assert sender.part(place, at)[0] == 200
                total.update(part_at(at))
                at += len(part_at(at))
            sent = time.monotonic() - began
            began = time.monotonic()
            status, _headers, made = sender.ask(
                "POST", f"{place}finish/", json.dumps({"sha256": total.hexdigest()}).encode()
            )
            assert (status, made.get("size")) == (201, SIZE), made
            checked = time.monotonic() - began
        grown = max(seen) - seen[0]
        print(
            f"{SIZE // MB} MB: sent in {sent:.1f} s, put together in {checked:.1f} s; {seen[0] // MB} MB + {grown // MB} MB"
        )
        assert grown < ROOM, f"{grown // MB} MB more than before"
        assert sender.ask("POST", f"{place}finish/", json.dumps({"sha256": total.hexdigest()}).encode())[2] == made
    assert site.sql("SELECT count(*), sum(size) FROM handins_handinfile WHERE name = 'film.webm'") == [(1, SIZE)]
    assert site.sql("SELECT count(*) FROM handins_uploadpart") == [(0,)]
    folders = [
        path for path in (site.folder / "media" / "handins").rglob("*") if path.is_file() and path.suffix == ".part"
    ]
    assert folders == []
