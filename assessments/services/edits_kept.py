"""What every change of many questions needs: the questions locked, and the change kept for a day."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import BulkEdit, Question
from assessments.selectors.bulk_edits import UNDO_FOR
from ecosystem.models import Element
from ecosystem.prepared import Among
from ecosystem.scope import current_scope


def refuse_from_above(*, bank: Element) -> None:
    if bank.environment_id != current_scope().environment_id:
        raise AssessmentError(_("This bank is offered from above; questions are changed where it was made."))


def questions_lock(*, bank: Element, question_ids: Iterable[int]) -> list[int]:
    """The ids of those that belong to the bank, locked in one order: two authors at once wait for each other.

    They are found by their keys alone: after a large import PostgreSQL knows nothing of the new rows yet, and with the
    bank in the condition it then compared each with all ids, for seconds.
    """
    rows = Question.objects.filter(Among("pk", list(question_ids))).select_for_update(no_key=True).order_by("pk")
    return [pk for pk, element in rows.values_list("pk", "element_id") if element == bank.pk]


def edit_keep(*, edit: BulkEdit) -> None:
    """So that it can be taken back; what is too old for that goes."""
    BulkEdit.objects.filter(element_id=edit.element_id, at__lt=edit.at - UNDO_FOR).delete()
    edit.save(force_insert=True)
