"""What the person sees: numbered steps with seconds, labelled log lines, and one sentence when something fails."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

COLOURS = {"web": "36", "worker": "33", "beat": "35", "demo": "32", "grove": "1", "error": "31"}
LABEL_WIDTH = 6


class LauncherError(Exception):
    """Says in one sentence what failed and what to do; `log` is the file with the details, if there is one."""

    def __init__(self, sentence: str, *, log: Path | None = None) -> None:
        super().__init__(sentence)
        self.log = log


class Terminal:
    """Writes whole lines from several threads without mixing them, and counts the steps."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._open_step = False
        self._steps = 0
        self._on_standard_error = False

    def leave_standard_output(self) -> None:
        """Speak on standard error, for commands whose output the person may want in a file."""
        self._on_standard_error = True

    def paint(self, text: str, name: str) -> str:
        """Put `text` in the colour of `name` when a person is watching; leave it plain in a file or a pipe."""
        return f"\x1b[{COLOURS[name]}m{text}\x1b[0m" if self._colour and name in COLOURS else text

    @property
    def _stream(self) -> TextIO:
        return sys.stderr if self._on_standard_error else sys.stdout

    @property
    def _colour(self) -> bool:
        return self._stream.isatty() and "NO_COLOR" not in os.environ

    def line(self, text: str = "") -> None:
        with self._lock:
            self._write(("\n" if self._open_step else "") + text + "\n")
            self._open_step = False

    def labelled(self, name: str, text: str) -> None:
        self.line(f"{self.paint(name.ljust(LABEL_WIDTH), name)} | {text}")

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step, and close its line with the seconds it took; a step that raises gets no seconds."""
        with self._lock:
            self._steps += 1
            opening = f"[{self._steps:2}] {title}"
            self._write(opening)
            self._open_step = True
        started = time.monotonic()
        yield
        seconds = f"{time.monotonic() - started:.1f} s"
        with self._lock:
            # If the step printed lines of its own, its title is no longer on the last line and is said again.
            self._write(f" ({seconds})\n" if self._open_step else f"{opening}: done ({seconds})\n")
            self._open_step = False

    def failure(self, error: LauncherError) -> None:
        self.line(f"{self.paint('Failed:', 'error')} {error}")
        if error.log is not None:
            self.line(f"Details: {error.log}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


terminal = Terminal()
