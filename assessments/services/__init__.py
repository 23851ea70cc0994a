from assessments.services.attempts import answer_save, attempt_finish, attempt_start
from assessments.services.banks import bank_create, objective_save, question_save
from assessments.services.imports import ImportReport, bank_import, import_preview
from assessments.services.making import assessment_create

__all__ = [
    "ImportReport",
    "answer_save",
    "assessment_create",
    "attempt_finish",
    "attempt_start",
    "bank_create",
    "bank_import",
    "import_preview",
    "objective_save",
    "question_save",
]
