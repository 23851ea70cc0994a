"""What courses know about people."""

from django.utils.translation import gettext_lazy as _

from courses.models import Activity, ActivityState, Block, CourseRun, CourseVersion, Dependency, Enrolment, Topic, Wake
from ecosystem.personal_data import OnErase, declare, no_personal_data

AS_LONG = _("as long as the environment exists")
POINTS = _("numbers about courses need everybody; they point at a person who has no name any more")

for _model in (CourseVersion, Block, Activity, Dependency, Topic, CourseRun):
    no_personal_data(_model, "the plan of a course; its makers are in the credits")
no_personal_data(
    Wake, "when a step of somebody is looked at again; it says nothing about them and goes when it is over"
)
declare(
    Enrolment,
    "person", "state", "progress",
    purpose=_("to know who takes part and how far they are"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=POINTS,
)  # fmt: skip
declare(
    ActivityState,
    "person", "state", "score", "passed",
    purpose=_("to know which step comes next"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=POINTS,
)  # fmt: skip
