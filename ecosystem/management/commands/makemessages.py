"""``manage.py makemessages -l nl``, then translate what is empty, then ``manage.py compilemessages -l nl``."""

from pathlib import Path

from django.core.management.base import CommandParser
from django.core.management.commands import makemessages

# Texts that are no part of the interface: other people's code, the demo's courses, what only developers read.
NOT_OURS = ["demo/content", "static/vendor", "node_modules", "tests", "bench", "tools", "launcher"]


class Command(makemessages.Command):
    """Django's, writing a file whose differences are words only: no line numbers, no dates, no guesses, nothing obsolete."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(no_wrap=True, add_location="file", no_obsolete=True, ignore_patterns=NOT_OURS)

    def write_po_file(self, potfile: str, locale: str) -> None:
        super().write_po_file(potfile, locale)
        path = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not _is_date(line)), encoding="utf-8")


def _is_date(line: str) -> bool:
    return line.startswith(('"POT-Creation-Date:', '"PO-Revision-Date:'))
