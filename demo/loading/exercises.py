"""A bank with the kinds of questions beyond choices."""

from io import BytesIO
from typing import Any

from django.core.files.base import File

from assessments.importers.demo_yaml import from_demo
from assessments.services import bank_create, objective_save, question_save
from assessments.services.pictures import picture_add
from demo.loading.files import ROOT, read
from ecosystem.markup import markdown_to_html
from ecosystem.models import Element, Person

FOLDER = ROOT / "banks" / "exercises"


def exercises_load(people: dict[str, Person]) -> int:
    """The questions of demo/banks/exercises; returns how many."""
    plan = read("../banks/exercises/questions.yaml")
    author = people["author@demo.example.org"]
    bank = bank_create(
        title=plan["title"], slug="exercises-bank", summary=plan["summary"], tags=plan["tags"], creators=[author],
        language="en",
    )  # fmt: skip
    goals = {slug: objective_save(bank=bank, slug=slug, text=text) for slug, text in plan["objectives"].items()}
    for row in plan["questions"]:
        body = from_demo({**_with_picture(bank, row), "identifier": row["id"]})
        stem = body.get("text") or markdown_to_html(row["stem"].replace("\\(", "\\\\(").replace("\\)", "\\\\)"))
        question_save(
            bank=bank, identifier=row["id"], type=row["type"], stem=stem, body=body, author=author, name=row["stem"][:80],
            feedback=markdown_to_html(row.get("feedback", "").replace("\\(", "\\\\(").replace("\\)", "\\\\)")),
            hints=[markdown_to_html(hint) for hint in row.get("hints", [])], objective=goals.get(row.get("objective", "")),
            tags=row["tags"], difficulty=row.get("difficulty"),
        )  # fmt: skip
    return len(plan["questions"])


def _with_picture(bank: Element, row: dict[str, Any]) -> dict[str, Any]:
    if "picture" not in row:
        return row
    content = (FOLDER / row["picture"]).read_bytes()
    return {**row, **picture_add(bank=bank, upload=File(BytesIO(content), name=row["picture"]))}
