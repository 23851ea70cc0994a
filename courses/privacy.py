"""What courses know about people."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import (
    Activity,
    ActivityState,
    Block,
    CourseImport,
    CourseRun,
    CourseVersion,
    Dependency,
    DraftEdit,
    Enrolment,
    RunGroup,
    RunGuide,
    TaskReport,
    Topic,
    VersionMove,
    Wake,
)
from ecosystem.models import Person
from ecosystem.personal_data import OnErase, declare, no_personal_data
from ecosystem.registry import scores_withheld

AS_LONG = _("as long as the environment exists")
POINTS = _("numbers about courses need everybody; they point at a person who has no name any more")

for _model in (CourseVersion, Block, Activity, Dependency, Topic, CourseRun, RunGroup):
    no_personal_data(_model, "the plan of a course; its makers are in the credits")


def _without_scores(person: Person, rows: list[dict[str, Any]]) -> None:
    hidden = scores_withheld(person_id=person.pk, element_ids={row["target_id"] for row in rows})
    for row in rows:
        if row["target_id"] in hidden:
            row["score"] = None


no_personal_data(
    Wake, "when a step of somebody is looked at again; it says nothing about them and goes when it is over"
)
declare(
    Enrolment,
    "person", "state", "progress", "starts_on", "ends_on", "instructor", "mentor",
    purpose=_("to know who takes part and how far they are"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=POINTS,
)  # fmt: skip
declare(
    ActivityState,
    "person", "state", "score", "passed",
    withhold=_without_scores,
    purpose=_("to know which step comes next"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=POINTS,
)  # fmt: skip
declare(
    DraftEdit,
    "by", "at", "act",
    purpose=_("to know who changed a plan, and to take a change back"),
    retention=_("as long as the version of the course"),
    on_erase=OnErase.KEEP,
    because=_("the course needs its history; it points at a person who has no name any more"),
    rows=lambda person: Q(by=person),
)  # fmt: skip
declare(
    RunGuide,
    "person", "role",
    purpose=_("to know who guides the learners of a run"),
    retention=_("as long as the run"),
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    VersionMove,
    "by",
    purpose=_("to know who moved a run to another version"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("it is about the course; it points at a person who has no name any more"),
    rows=lambda person: Q(by=person),
)  # fmt: skip
declare(
    CourseImport,
    "by", "at",
    purpose=_("to know who brought in a course"),
    retention=_("as long as the course"),
    on_erase=OnErase.KEEP,
    because=_("it is about the course; it points at a person who has no name any more"),
    rows=lambda person: Q(by=person),
)  # fmt: skip
declare(
    TaskReport,
    "person", "state", "note", "said_at", "answer", "answered_by", "answered_at",
    purpose=_("to confirm what somebody has done on the job"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
