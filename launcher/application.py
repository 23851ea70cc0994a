"""Grove's own preparations on fresh servers: migrations, static files, the demo. Done again only when they changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.places import Instance, Places
from launcher.processes import Command, aloud, quiet
from launcher.stamp import Stamp, fingerprint_of_files, fingerprint_of_text
from launcher.terminal import terminal


@dataclass(frozen=True)
class Application:
    places: Places
    instance: Instance
    environment: Mapping[str, str]
    database: str  # which database it is, so that another one is migrated afresh

    def manage(self, *arguments: str) -> Command:
        return [self.places.python, self.places.checkout / "manage.py", *arguments]

    def migrate(self) -> None:
        stamp = Stamp(self.instance.folder / "migrated")
        wanted = fingerprint_of_text(
            fingerprint_of_files(self._sources("*/migrations/*.py")), self._lock(), self.database
        )
        if stamp.holds(wanted):
            return
        stamp.clear()
        with terminal.step("Migrating the database"):
            self._quiet(
                "migrate", "--database", "owner", "--no-input", "--verbosity", "1", fails="The migrations failed."
            )
        stamp.set(wanted)

    def collect_static(self) -> None:
        """Hashed and compressed as in production, which takes half a minute the first time."""
        stamp = Stamp(self.instance.folder / "static-collected")
        sources = [*self._sources("static/**/*"), *self._sources("*/static/**/*")]
        wanted = fingerprint_of_text(fingerprint_of_files(sources), self._lock())
        if stamp.holds(wanted):
            return
        stamp.clear()
        with terminal.step("Collecting static files"):
            self._quiet(
                "collectstatic",
                "--no-input",
                "--clear",
                "--verbosity",
                "1",
                fails="The static files cannot be collected.",
            )
        stamp.set(wanted)

    def load_demo(self) -> None:
        """Once per database; asking Django whether it is there would cost a second start its seconds."""
        stamp = Stamp(self.instance.folder / "demo-loaded")
        wanted = fingerprint_of_text(self.database)
        if stamp.holds(wanted):
            return
        with terminal.step("Demo ecosystem"):
            aloud(
                self.manage("demo"),
                each_line=lambda line: terminal.labelled("demo", line),
                log=self.instance.logs / "demo.log",
                fails="The demo ecosystem cannot be loaded.",
                cwd=self.places.checkout,
                env=self.environment,
            )
        stamp.set(wanted)

    def banner(self, port: int) -> str:
        return self._quiet("demo", "--banner", "--port", str(port), fails="The banner cannot be shown.")

    def _quiet(self, *arguments: str, fails: str) -> str:
        log = self.instance.logs / f"{arguments[0]}.log"
        return quiet(self.manage(*arguments), log=log, fails=fails, cwd=self.places.checkout, env=self.environment)

    def _sources(self, pattern: str) -> list[Path]:
        return [
            file for file in self.places.checkout.glob(pattern) if file.is_file() and "__pycache__" not in file.parts
        ]

    def _lock(self) -> str:
        """Packages bring migrations and static files too."""
        return fingerprint_of_files([self.places.checkout / "requirements/run.txt"])
