from courses.services.creating import course_create, element_make
from courses.services.drafts import draft_discard, draft_of, draft_redo, draft_undo
from courses.services.editing import (
    activity_add,
    activity_change,
    activity_move,
    activity_remove,
    block_add,
    block_move,
    block_remove,
    block_rename,
    step_move,
)
from courses.services.enrolments import enrolment_create
from courses.services.many import Enrolled, enrolment_withdraw, enrolments_create
from courses.services.plans import PlannedActivity, PlannedBlock, course_publish, run_open
from courses.services.progress import progress_apply

__all__ = [
    "Enrolled",
    "PlannedActivity",
    "PlannedBlock",
    "activity_add",
    "activity_change",
    "activity_move",
    "activity_remove",
    "block_add",
    "block_move",
    "block_remove",
    "block_rename",
    "course_create",
    "course_publish",
    "draft_discard",
    "draft_of",
    "draft_redo",
    "draft_undo",
    "element_make",
    "enrolment_create",
    "enrolment_withdraw",
    "enrolments_create",
    "progress_apply",
    "run_open",
    "step_move",
]
