from courses.services.enrolments import enrolment_create
from courses.services.many import Enrolled, enrolment_withdraw, enrolments_create
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish, run_open
from courses.services.progress import progress_apply

__all__ = [
    "Enrolled",
    "PlannedActivity",
    "PlannedBlock",
    "course_publish",
    "enrolment_create",
    "enrolment_withdraw",
    "enrolments_create",
    "progress_apply",
    "run_open",
]
