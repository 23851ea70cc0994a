"""``audit_verify``: is the audit log of each environment as it was written?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ecosystem.audit_chain import Break, chain_checked, holds_link
from ecosystem.models import Environment
from ecosystem.scope import open_scope

REASONS = {
    "changed": "has been changed",
    "missing": "is missing",
    "relinked": "does not follow from the one before it",
    "unlinked": "was put in past the chain",
}


class Command(BaseCommand):
    help = (
        "Checks the chain of hashes over the audit log of each environment, and names the first entry that was changed,"
        " removed or put in. Prints the last link of each chain: kept elsewhere and given back with --known, it also"
        " shows that no end was cut off."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", help="environments to check; all of them when none is named")
        parser.add_argument(
            "--known",
            action="append",
            default=[],
            metavar="SLUG:LENGTH:HASH",
            help="a last link printed earlier, which the chain must still hold; may be given several times",
        )

    def handle(self, *args: Any, slugs: list[str], known: list[str], **options: Any) -> None:
        wanted = self._known(known)
        environments = Environment.objects.order_by("slug")
        if slugs:
            environments = environments.filter(slug__in=slugs)
        found = list(environments)
        if strange := {*slugs, *wanted} - {row.slug for row in found}:
            raise CommandError(f"There is no environment {', '.join(sorted(strange))}.")
        faults = [fault for row in found if (fault := self._check(row, wanted.get(row.slug, [])))]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"{len(found)} environments: the audit log is as it was written.")

    def _check(self, environment: Environment, known: list[tuple[int, str]]) -> str:
        with open_scope(environment_id=environment.pk):
            chain = chain_checked()
            lost = [length for length, hashed in known if length and not holds_link(position=length, hashed=hashed)]
        if chain.broken:
            return self._sentence(environment.slug, chain.broken)
        if lost:
            return (
                f"{environment.slug}: link {lost[0]} is not the one that was noted down: the chain has been made anew."
            )
        self.stdout.write(f"{environment.slug}:{chain.length}:{chain.hash}")
        return ""

    @staticmethod
    def _sentence(slug: str, broken: Break) -> str:
        what = " ".join(part for part in (broken.act, broken.at) if part)
        return f"{slug}: entry {broken.entry_id}{f' ({what})' if what else ''} {REASONS[broken.reason]}."

    @staticmethod
    def _known(texts: list[str]) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for text in texts:
            slug, _, rest = text.partition(":")
            length, _, hashed = rest.partition(":")
            if not (length.isascii() and length.isdigit() and (hashed or length == "0")):  # 0: nothing had happened yet
                raise CommandError(f"{text}: write it as SLUG:LENGTH:HASH, as it was printed.")
            found.setdefault(slug, []).append((int(length), hashed))
        return found
