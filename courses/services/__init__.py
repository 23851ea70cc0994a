from courses.services.creating import course_create, element_make
from courses.services.dependencies import dependencies_write
from courses.services.drafts import draft_discard, draft_of, draft_redo, draft_seen, draft_undo
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
from courses.services.reconsidering import enrolment_reconsider, enrolments_reconsider
from courses.services.releases import activity_hold, activity_release

__all__ = [
    "Enrolled",
    "PlannedActivity",
    "PlannedBlock",
    "activity_add",
    "activity_change",
    "activity_hold",
    "activity_move",
    "activity_release",
    "activity_remove",
    "block_add",
    "block_move",
    "block_remove",
    "block_rename",
    "course_create",
    "course_publish",
    "dependencies_write",
    "draft_discard",
    "draft_of",
    "draft_redo",
    "draft_seen",
    "draft_undo",
    "element_make",
    "enrolment_create",
    "enrolment_reconsider",
    "enrolment_withdraw",
    "enrolments_create",
    "enrolments_reconsider",
    "progress_apply",
    "run_open",
    "step_move",
]
