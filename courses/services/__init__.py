from courses.services.dependencies import dependencies_write
from courses.services.enrolments import enrolment_create
from courses.services.many import Enrolled, enrolment_withdraw, enrolments_create
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish, run_open
from courses.services.progress import progress_apply
from courses.services.reconsidering import enrolment_reconsider, enrolments_reconsider
from courses.services.releases import activity_hold, activity_release

__all__ = [
    "Enrolled",
    "PlannedActivity",
    "PlannedBlock",
    "activity_hold",
    "activity_release",
    "course_publish",
    "dependencies_write",
    "enrolment_create",
    "enrolment_reconsider",
    "enrolment_withdraw",
    "enrolments_create",
    "enrolments_reconsider",
    "progress_apply",
    "run_open",
]
