"""What the attack found, and how much it did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Finding:
    """``what``: leak, change, oracle, error or commit."""

    what: str
    route: str
    verb: str
    role: str
    detail: str = ""


@dataclass
class Report:
    findings: set[Finding] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    cost: dict[str, tuple[float, int]] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)
    owner_reached: set[str] = field(default_factory=set)
    attacker_reached: set[str] = field(default_factory=set)
    read_again: int = 0  # statements, with one layer off

    def __str__(self) -> str:
        lines = [
            f"{len(self.routes)} routes, {sum(self.counts.values())} requests {dict(sorted(self.counts.items()))},"
            f" {len(self.findings)} findings",
            f"reached by the owner {len(self.owner_reached)}, by the attacker on his own rows"
            f" {len(self.attacker_reached)}",
        ]
        if self.read_again:
            lines.append(f"{self.read_again} statements read again")
        return "\n".join([*lines, *map(str, sorted(self.findings))])
