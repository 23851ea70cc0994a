from handins.services.allocating import rounds_allocate, rounds_allocate_balanced, rounds_allocate_group
from handins.services.handing_in import (
    handin_file_add,
    handin_file_remove,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
)
from handins.services.making import assignment_make, assignment_set, extension_give, handin_rubric_save
from handins.services.reviewing import mark_give, review_begin, rounds_release, submission_reopen
from handins.services.staging import marking_reopen, rounds_stage

__all__ = [
    "assignment_make",
    "assignment_set",
    "extension_give",
    "handin_file_add",
    "handin_file_remove",
    "handin_rubric_save",
    "mark_give",
    "marking_reopen",
    "review_begin",
    "round_save",
    "round_start",
    "round_submit",
    "round_withdraw",
    "rounds_allocate",
    "rounds_allocate_balanced",
    "rounds_allocate_group",
    "rounds_release",
    "rounds_stage",
    "submission_reopen",
]
