"""Write docs/security.md: which attacks, faults and requirements are proved by which test, and which are open.

    python tools/security_table.py FOLDER

FOLDER holds abuse_cases.csv, fault_scenarios.csv and asvs5_l2_applicability.csv. A test belongs to an attack or a fault when
its name has the id (`test_a46_...`, `test_f01_...`); tests that cover more than their name says are in
security_proofs.py, with the requirements of ASVS and what cannot be tried yet.
"""

import csv
import re
import sys
from pathlib import Path

from security_proofs import APPLIES, NOT_APPLICABLE, NOT_BUILT, PARTLY, PROOFS

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"^\s*def (test_((?:[af]\d{2,3}_)+)\w+)", re.MULTILINE)
HEAD = """# Security: what is proved

Written by `tools/security_table.py`, never by hand. Each line names the tests that show it; **open** means that no test shows it
yet, which is not the same as being absent; **not built yet**, that there is nothing in Grove on which it could be tried. A test checks that every test named here exists
(`tests/guards/test_security_page.py`). Numbers A and F are those of the project's lists of abuse cases and faults; V those of
OWASP ASVS 5.0, levels 1 and 2 (its texts are not repeated here).
"""


def tests_by_id() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, ids in NAMED.findall(path.read_text()):
            for one in ids.upper().strip("_").split("_"):
                found.setdefault(one, []).append(f"{path.relative_to(ROOT)}::{name}")
    return found


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="") as file:
        return list(csv.DictReader(file))


def cell(one: str, tests: list[str]) -> str:
    """The tests, with what they leave out; else why there is none."""
    if not tests:
        return NOT_BUILT.get(one, "open")
    shown = ", ".join(f"`{test}`" for test in dict.fromkeys(tests))
    return f"{shown} (but: {PARTLY[one]})" if one in PARTLY else shown


def table(heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    every = [heads, tuple("---" for _ in heads), *lines]
    return "\n".join(f"| {' | '.join(part.replace('|', '/') for part in line)} |" for line in every) + "\n"


def section(title: str, heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    done = sum(line[-1].startswith("`") for line in lines)
    apart = sum(line[-1].startswith("not applicable") for line in lines)
    later = sum(line[-1].startswith("not built yet") for line in lines)
    words = f"{done} of {len(lines)} proved"
    words += f", {later} not built yet" if later else ""
    words += f", {apart} not applicable" if apart else ""
    return f"## {title}\n\n{words}, the others open.\n\n{table(heads, lines)}"


def page(folder: Path) -> str:
    known = tests_by_id()
    tests = {one: PROOFS.get(one, []) + known.get(one, []) for one in {*known, *PROOFS}}
    abuse = [
        (row["id"], row["class"], cell(row["id"], tests.get(row["id"], []))) for row in rows(folder, "abuse_cases.csv")
    ]
    faults = [
        (row["id"], row["fault"], cell(row["id"], tests.get(row["id"], [])))
        for row in rows(folder, "fault_scenarios.csv")
    ]
    asvs = []
    for row in rows(folder, "asvs5_l2_applicability.csv"):
        one = row["req_id"]
        proof = cell(one, tests.get(one, []))
        if proof == "open" and (one in NOT_APPLICABLE or (row["proof_kind"] == "n.a." and one not in APPLIES)):
            proof = f"not applicable: {NOT_APPLICABLE.get(one) or row['note']}"
        asvs.append((row["req_id"], row["level"], proof))
    return "\n".join(
        [
            HEAD,
            section("Abuse cases", ("id", "about", "shown by"), abuse),
            section("Faults", ("id", "fault", "shown by"), faults),
            section("ASVS 5.0", ("requirement", "level", "shown by"), asvs),
        ]
    )


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    (ROOT / "docs/security.md").write_text(page(Path(sys.argv[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
