"""PDFs are made by a process of their own: a document that takes too long or too much takes nothing else with it."""

import os
import time

import pytest

from ecosystem.exceptions import PdfError
from ecosystem.pdf import Renderer

PAGE, CSS = "<html lang='en'><head><title>T</title></head><body><p>One</p></body></html>", "p{color:#000}"
# Cells without end: minutes of work on any machine, and gigabytes.
ENDLESS = PAGE.replace("<p>One</p>", "<table>" + ("<tr>" + "<td>x</td>" * 400 + "</tr>") * 400)

pytestmark = pytest.mark.xdist_group("pdf")


@pytest.fixture(scope="module")
def renderer():
    """One for all: its process takes most of a second to start. Who needs a new one stops it."""
    made = Renderer()
    yield made
    made.stop()


def test_one_process_makes_many(renderer, tmp_path, monkeypatch):
    """And it begins without asking a compiler or a linker for its libraries."""
    renderer.stop()
    asked = tmp_path / "asked"
    for name in ("gcc", "cc", "ld"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {name} >> {asked}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert renderer.render(PAGE, CSS).startswith(b"%PDF")
    first = renderer.process.pid
    assert renderer.render(PAGE, CSS).startswith(b"%PDF")
    assert renderer.process.pid == first
    assert not asked.exists()


def test_what_is_killed_or_takes_too_long_is_replaced_at_once(renderer, settings):
    renderer.render(PAGE, CSS)
    renderer.process.kill()
    assert renderer.render(PAGE, CSS).startswith(b"%PDF")
    settings.PDF_SECONDS = 1
    began = time.monotonic()
    with pytest.raises(PdfError, match="longer than 1 s"):
        renderer.render(ENDLESS, CSS)
    assert time.monotonic() - began < 3
    settings.PDF_SECONDS = 30
    assert renderer.render(PAGE, CSS).startswith(b"%PDF")


def test_what_takes_too_much_memory_is_refused(renderer, settings):
    renderer.stop()  # a limit of memory is told to one that begins
    settings.PDF_MEMORY_MB = 1  # more than that is in use already
    with pytest.raises(PdfError):
        renderer.render(PAGE * 3, CSS)
