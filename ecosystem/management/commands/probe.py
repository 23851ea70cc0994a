from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecosystem.probing import Site, site_probed


class Command(BaseCommand):
    help = "Ask a site from outside whether it is encrypted as it should be, and shows nothing more than it should."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="such as https://learn.example.org")
        parser.add_argument("--http-port", type=int, default=80, help="where it answers without encryption (80)")
        parser.add_argument("--ca", help="a file of authorities to trust instead of the public ones")
        parser.add_argument("--at", help="the address of the machine, while the name does not lead there yet")

    def handle(self, *args: Any, address: str, http_port: int, ca: str | None, at: str | None, **options: Any) -> None:
        place = urlsplit(address)
        if place.scheme != "https" or not place.hostname:
            raise CommandError("An address that begins with https:// is needed.")
        wrong = 0
        for finding in site_probed(Site(place.hostname, place.port or 443, http_port, ca, at)):
            wrong += bool(finding.said)
            self.stdout.write(
                f"{'NOT' if finding.said else 'ok '}  {finding.what}" + f": {finding.said}" * bool(finding.said)
            )
        if wrong:
            raise CommandError(f"{wrong} not as it should be.")
