"""What courses know about people."""

from django.utils.translation import gettext_lazy as _

from courses.models import Activity, ActivityState, Block, CourseRun, CourseVersion, Dependency, Enrolment
from ecosystem.personal_data import OnErase, declare, no_personal_data

AS_LONG = _("as long as the environment exists")
POINTS = _("numbers about courses need everybody; they point at a person who has no name any more")

for _model in (CourseVersion, Block, Activity, Dependency, CourseRun):
    no_personal_data(_model, "the plan of a course; its makers are in the credits")
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
