"""What goals write into the package of a course: how much of what is to be remembered; who has reached it stays."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Objective, Question
from ecosystem.archives import PackageError
from ecosystem.models import Element
from ecosystem.packaging import SLUG, UID, Incoming, Outgoing, PackagedKind, closed_schema, packaged_kinds
from memotrainer.models import Goal
from memotrainer.services.goals import KIND, MOST_PARTS, goal_make

Part = dict[str, Any]
PART = closed_schema(
    recall={"type": "integer", "minimum": 1, "maximum": 99},
    coverage={"type": "integer", "minimum": 1, "maximum": 100},
    days={"type": "integer", "minimum": 0, "maximum": 365},
    quizzes={"type": "array", "items": UID, "maxItems": MOST_PARTS},
    objectives={"type": "array", "items": closed_schema(bank=UID, objective=SLUG), "maxItems": MOST_PARTS},
)


def _write(element: Element, out: Outgoing) -> Part:
    goal = Goal.objects.get(element=element)
    parts = list(goal.parts.select_related("objective").order_by("pk"))
    objectives = [part.objective for part in parts if part.objective is not None]
    for one in objectives:  # with the questions that it is about
        out.want(one.element_id, "objective", one.slug)
        asked = Question.objects.filter(objective=one, retired_at=None).order_by("identifier")
        for identifier in asked.values_list("identifier", flat=True):
            out.want(one.element_id, "question", identifier)
    return {
        "recall": goal.recall,
        "coverage": goal.coverage,
        "days": goal.days,
        "quizzes": [out.element(part.of_id) for part in parts if part.objective is None],
        "objectives": [{"bank": out.element(one.element_id), "objective": one.slug} for one in objectives],
    }


def _make(*, facts: dict[str, Any], part: Part, coming: Incoming) -> Element:
    quizzes = [coming.elements.get(uid) for uid in part["quizzes"]]
    wanted = [(coming.elements.get(one["bank"]), one["objective"]) for one in part["objectives"]]
    objectives = [Objective.objects.filter(element=bank, slug=slug).first() if bank else None for bank, slug in wanted]
    if None in quizzes or None in objectives:
        raise PackageError(_("A goal is about something that is not in the package."))
    own = {name: part[name] for name in ("recall", "coverage", "days")}
    made: Element = goal_make(quizzes=quizzes, objectives=objectives, by=coming.by, **own, **facts).element  # type: ignore[arg-type]
    return made


# After the quizzes and banks it names.
packaged_kinds.register(KIND, PackagedKind(PART, _write, _make, order=3))
