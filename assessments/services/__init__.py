from assessments.services.assessing import (
    assessment_set,
    draw_add,
    draw_remove,
    override_remove,
    override_save,
    question_put,
    question_take_out,
    section_add,
    section_change,
    section_remove,
)
from assessments.services.attempts import Sent, answer_save, answer_set_aside, attempt_go_on, attempt_start
from assessments.services.banks import bank_create, objective_save, question_save
from assessments.services.finishing import attempt_finish
from assessments.services.imports import ImportReport, bank_import, import_preview
from assessments.services.making import assessment_create
from assessments.services.marking import answer_mark, rubric_save
from assessments.services.remarking import remark_apply, remark_preview

__all__ = [
    "ImportReport",
    "Sent",
    "answer_mark",
    "answer_save",
    "answer_set_aside",
    "assessment_create",
    "assessment_set",
    "attempt_finish",
    "attempt_go_on",
    "attempt_start",
    "bank_create",
    "bank_import",
    "draw_add",
    "draw_remove",
    "import_preview",
    "objective_save",
    "override_remove",
    "override_save",
    "question_put",
    "question_save",
    "question_take_out",
    "remark_apply",
    "remark_preview",
    "rubric_save",
    "section_add",
    "section_change",
    "section_remove",
]
