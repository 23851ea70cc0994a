from courses.services.enrolments import enrolment_create
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish, run_open
from courses.services.progress import progress_apply

__all__ = ["PlannedActivity", "PlannedBlock", "course_publish", "enrolment_create", "progress_apply", "run_open"]
