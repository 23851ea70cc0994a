"""A module of ours run once in a process of its own, under limits of time and memory, on a file of a stranger."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings


def said_apart(module: str, *words: str, limit: int, seconds: float) -> bytes | None:
    """What it says; None where it fails or takes more than ``seconds``. ``limit``: its seconds on a processor, which it gets
    as its last word, after its megabytes of memory."""
    command = [sys.executable, "-m", module, *words, str(settings.PDF_MEMORY_MB), str(limit)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module
            command, capture_output=True, timeout=seconds, cwd=settings.BASE_DIR, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None
