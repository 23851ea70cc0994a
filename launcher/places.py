"""Where things are: the checkout, its `.venv`, and the state folder outside it with one sub-folder per instance."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.terminal import LauncherError

# Others may pass through a folder of root's but not list it: the database server runs as `nobody` and must get in.
PASS_THROUGH = 0o711
PRIVATE = 0o700


def state_folder(*, checkout: Path, environ: Mapping[str, str], is_root: bool, home: Path) -> Path:
    """Each checkout has a state folder of its own, named after a hash of its path.

    Root's is in /var/lib because PostgreSQL refuses to run as root and the account it then gets cannot enter /root.
    """
    if given := environ.get("GROVE_STATE"):
        return Path(given).absolute()
    key = hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    if is_root:
        return Path("/var/lib/grove") / key
    return Path(environ.get("XDG_STATE_HOME") or home / ".local/state") / "grove" / key


@dataclass(frozen=True)
class Instance:
    """One set of servers with their data: `run`, `bench`, or one of the `test-N`."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def logs(self) -> Path:
        return self.folder / "logs"


@dataclass(frozen=True)
class Places:
    checkout: Path
    state: Path
    is_root: bool

    @property
    def venv(self) -> Path:
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin/python"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    def installed(self, pattern: str) -> Path:
        """The newest path below site-packages that matches; raises when the package it belongs to is not installed."""
        found = sorted(self.venv.glob(f"lib/python3*/site-packages/{pattern}"))
        if not found:
            package = pattern.split("/", 1)[0]
            raise LauncherError(f"The package {package} is not in .venv: delete the folder .venv and try again.")
        return found[-1]

    def make_state(self) -> None:
        """Create the state folder so that only this account, and for root also the database server's, gets in."""
        mode = PASS_THROUGH if self.is_root else PRIVATE
        try:
            self.state.mkdir(mode=mode, parents=True, exist_ok=True)
            self.state.chmod(mode)
            make_private(self.logs)
        except OSError as error:
            raise LauncherError(
                f"The state folder {self.state} cannot be written ({error.strerror}): set GROVE_STATE to one that can."
            ) from error
        if self.is_root:
            self._require_way_in()

    def instance(self, name: str) -> Instance:
        made = Instance(self.state / name)
        mode = PASS_THROUGH if self.is_root else PRIVATE
        made.folder.mkdir(mode=mode, exist_ok=True)
        made.folder.chmod(mode)
        for part in ("logs", "secrets", "media", "mail", "static"):
            make_private(made.folder / part)
        return made

    def _require_way_in(self) -> None:
        for folder in self.state.parents:
            if not folder.stat().st_mode & 0o001:
                raise LauncherError(
                    f"The database server cannot run as root, and the account nobody cannot enter {folder}: "
                    "set GROVE_STATE to a folder outside it."
                )


def make_private(folder: Path) -> Path:
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    return folder


def find_places(checkout: Path) -> Places:
    is_root = os.geteuid() == 0
    state = state_folder(checkout=checkout, environ=os.environ, is_root=is_root, home=Path.home())
    return Places(checkout=checkout, state=state, is_root=is_root)
