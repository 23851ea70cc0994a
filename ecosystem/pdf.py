"""PDF out of HTML and CSS, made by a process of its own (``ecosystem.pdf_renderer``) under limits of time and memory.

A document that hangs or swells takes nothing with it but that process; the next document gets a new one.
"""

import atexit
import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from django.conf import settings

from ecosystem.exceptions import PdfError

HEAD, GOOD = struct.Struct(">?Q"), True  # as in ecosystem.pdf_renderer


def without_programs() -> dict[str, str]:
    """WeasyPrint tries names that its libraries have on other systems first, and for each of those Python asks the C compiler
    and the linker: a hundred processes, half of its start. Where there are none to be found, it goes on at once."""
    return {**os.environ, "PATH": "/nonexistent"}


class Renderer:
    """One process for this one, started with the first document; documents wait for each other."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def render(self, html: str, css: str) -> bytes:
        with self.lock:
            # It goes by itself after a while without work, perhaps in this very moment; so once more.
            return self._ask(html, css) or self._ask(html, css) or self._fail("The process that makes PDFs ended.")

    def _ask(self, html: str, css: str) -> bytes | None:
        """The PDF; None when the process has ended under it."""
        process, over = self._running(), threading.Event()

        def end() -> None:
            over.set()
            process.kill()

        watch = threading.Timer(settings.PDF_SECONDS, end)
        watch.daemon = True
        watch.start()
        try:
            for text in (html, css):
                part = text.encode()
                process.stdin.write(HEAD.pack(GOOD, len(part)) + part)  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            good, size = HEAD.unpack(process.stdout.read(HEAD.size))  # type: ignore[union-attr]
            answer = process.stdout.read(size)  # type: ignore[union-attr]
        except (OSError, ValueError, struct.error):
            good, size, answer = False, -1, b""
        finally:
            watch.cancel()
        if len(answer) == size:
            return bytes(answer) if good else self._fail(answer.decode(errors="replace"))
        self.stop()
        return self._fail(f"It took longer than {settings.PDF_SECONDS} s.") if over.is_set() else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self.owner != os.getpid():  # that of the process we were forked from
            self.process, self.owner = None, os.getpid()
        if self.process is None or self.process.poll() is not None:
            self.stop()
            command = [sys.executable, "-m", "ecosystem.pdf_renderer", str(settings.PDF_MEMORY_MB)]
            self.process = subprocess.Popen(  # noqa: S603 -- our own module
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=settings.BASE_DIR, env=without_programs()
            )
        return self.process

    def stop(self) -> None:
        if self.process is None or self.owner != os.getpid():
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what was still to be written
                pipe.close()  # type: ignore[union-attr]
        self.process = None

    @staticmethod
    def _fail(why: str) -> NoReturn:
        raise PdfError(why)


_renderer = Renderer()
atexit.register(_renderer.stop)


def render_pdf(*, html: str, css: str) -> bytes:
    """The document as PDF/UA-1. Relative addresses mean the folder of the fonts; the network is never asked.

    Raises PdfError when it cannot be made, or not within ``PDF_SECONDS`` and ``PDF_MEMORY_MB``.
    """
    return _renderer.render(html, css)
