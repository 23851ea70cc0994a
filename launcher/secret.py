"""Passwords and keys that are made once, kept in the state folder, and readable by this account only."""

import os
import secrets
from pathlib import Path

from launcher.places import Instance


def kept_secret(instance: Instance, name: str) -> str:
    """The secret of this name; made on first use. Its characters need no quoting in an address or in SQL."""
    file = instance.folder / "secrets" / name
    if not file.exists():
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text()


def write_private(file: Path, text: str) -> None:
    """Replace the file at once: nobody ever reads half of it, nor reads it before its mode is set."""
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    new.touch(mode=0o600)
    new.write_text(text)
    new.replace(file)
