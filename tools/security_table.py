"""Write docs/security.md: which attacks, faults and requirements are proved by which test, and which are open.

    python tools/security_table.py FOLDER

FOLDER holds abuse_cases.csv, fault_scenarios.csv and asvs5_l2_applicability.csv. A test belongs to an attack or a fault when
its name has the id (`test_a46_...`, `test_f01_...`); tests that cover more than their name says are in PROOFS, with the
requirements of ASVS.
"""

import csv
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"^\s*def (test_((?:[af]\d{2,3}_)+)\w+)", re.MULTILINE)
CROSS = "tests/guards/test_cross_tenant.py::test_as_in_production"
ABUSE = "tests/guards/test_abuse_cases.py::"
HEADERS = "tests/guards/test_headers.py::test_every_address_carries_the_headers"
COOKIES = "tests/guards/test_headers.py::test_cookies_of_production"
DEPLOY = "tests/guards/test_headers.py::test_djangos_own_list_for_production_is_clean"
RULES = "tests/guards/test_access_rules.py::"
# Only what the test really shows.
PROOFS = {
    "A01": [CROSS],
    "V1.2.1": [f"{ABUSE}test_a43_titles_and_texts_are_shown_as_text", f"{RULES}test_trusted_texts_are_listed"],
    "V1.3.1": ["tests/ecosystem/test_markup.py::test_attacks_come_out_harmless"],
    "V1.5.1": [f"{ABUSE}test_a64_xml_of_strangers_fetches_and_swells_nothing"],
    "V2.2.2": [f"{ABUSE}test_a95_awkward_answers_are_refused"],
    "V3.3.1": [COOKIES],
    "V3.3.2": [COOKIES],
    "V3.3.3": [COOKIES],
    "V3.3.4": [COOKIES],
    "V3.4.1": [HEADERS],
    "V3.4.2": [HEADERS],
    "V3.4.3": [HEADERS, "tests/guards/test_templates.py::test_a_page_has_nothing_inline"],
    "V3.4.4": [HEADERS],
    "V3.4.5": [HEADERS],
    "V3.4.6": [HEADERS],
    "V3.5.1": [f"{ABUSE}test_a68_every_form_needs_its_token"],
    "V3.5.3": [f"{ABUSE}test_a12_looking_changes_nothing"],
    "V5.3.2": [f"{ABUSE}test_a62_a_file_name_is_only_a_name"],
    "V6.3.1": [f"{ABUSE}test_a75_guessing_passwords_ends"],
    "V7.2.4": [f"{ABUSE}test_a72_sign_in_gives_a_new_session_and_signing_out_ends_it"],
    "V7.4.1": [f"{ABUSE}test_a72_sign_in_gives_a_new_session_and_signing_out_ends_it"],
    "V8.2.1": [f"{RULES}test_every_view_says_who_may_see_it", CROSS],
    "V8.2.2": [CROSS, "tests/guards/test_catalogue_of_postgresql.py::test_every_tenant_table_is_protected"],
    "V13.4.2": [DEPLOY, COOKIES],
    "V14.3.2": [f"{ABUSE}test_a74_pages_of_a_person_are_not_kept_by_shared_caches"],
}
HEAD = """# Security: what is proved

Written by `tools/security_table.py`, never by hand. Each line names the tests that show it; **open** means that no test shows it
yet, which is not the same as being absent. A test checks that every test named here exists
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


def cell(tests: list[str]) -> str:
    return ", ".join(f"`{test}`" for test in dict.fromkeys(tests)) or "open"


def table(heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    every = [heads, tuple("---" for _ in heads), *lines]
    return "\n".join(f"| {' | '.join(part.replace('|', '/') for part in line)} |" for line in every) + "\n"


def section(title: str, heads: tuple[str, ...], lines: list[tuple[str, ...]]) -> str:
    done = sum(line[-1].startswith("`") for line in lines)
    apart = sum(line[-1].startswith("not applicable") for line in lines)
    words = f"{done} of {len(lines)} proved" + (f", {apart} not applicable" if apart else "")
    return f"## {title}\n\n{words}, the others open.\n\n{table(heads, lines)}"


def page(folder: Path) -> str:
    known = tests_by_id()
    tests = {one: PROOFS.get(one, []) + known.get(one, []) for one in {*known, *PROOFS}}
    abuse = [(row["id"], row["class"], cell(tests.get(row["id"], []))) for row in rows(folder, "abuse_cases.csv")]
    faults = [(row["id"], row["fault"], cell(tests.get(row["id"], []))) for row in rows(folder, "fault_scenarios.csv")]
    asvs = []
    for row in rows(folder, "asvs5_l2_applicability.csv"):
        proof = cell(tests.get(row["req_id"], []))
        if row["proof_kind"] == "n.a.":
            proof = f"not applicable: {row['note']}"
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
