"""What learning records know about people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data
from ecosystem.registry import scores_withheld
from records.models import Delivery, Fact, Statement


def _without_scores(person: Person, rows: list[dict[str, Any]]) -> None:
    """Of statements and of facts about what the person may not see yet."""
    elements = {row["element_id"] for row in rows} - {None}
    hidden = scores_withheld(person_id=person.pk, element_ids=elements)
    for row in rows:
        if row["element_id"] not in hidden:
            continue
        if "best" in row:
            row["best"] = None
        else:
            row["result"] = {key: value for key, value in row["result"].items() if key != "scaled"}


declare(
    Statement,
    "person",
    "result",
    "context",
    withhold=_without_scores,
    purpose=_("to know what was learnt, and to improve it"),
    retention=_("as long as the environment exists"),
    on_erase=OnErase.KEEP,
    because=_("records are never changed; they point at a person who has no name any more"),
)
declare(
    Fact,
    "person",
    "best",
    withhold=_without_scores,
    purpose=_("to know what opens next"),
    retention=_("as long as the environment exists"),
    on_erase=OnErase.KEEP,
    because=_("records are never changed; they point at a person who has no name any more"),
)
no_personal_data(Delivery, "which reaction saw which record")
