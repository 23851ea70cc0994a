"""Many questions changed at once by one statement, and taken back again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import BulkEdit, Objective, Question
from assessments.selectors.bulk_edits import UNDO_FOR, Change, touched
from assessments.services.edits_kept import edit_keep, questions_lock, refuse_from_above
from assessments.services.moving import move_undo, put_undo
from assessments.tags import tags_changed
from ecosystem import clock
from ecosystem.models import Element, Person
from ecosystem.prepared import Among
from ecosystem.services.audit import audit


@transaction.atomic
def questions_change(
    *, bank: Element, question_ids: Iterable[int], change: Change, by: Person, found: dict[str, str] | None = None
) -> BulkEdit:
    """Change what the bank knows of these questions; their versions stay as they are.

    What comes back says how many became different, and can be given to ``change_undo`` for a day; it is not kept when
    nothing became different. ``found`` says for the audit log by which filter the questions were chosen.
    """
    refuse_from_above(bank=bank)
    if isinstance(change.objective, Objective) and change.objective.element_id != bank.pk:
        raise AssessmentError(_("This learning objective belongs to another bank."))
    rows = _locked(bank, question_ids, change)
    edit = BulkEdit(environment_id=bank.environment_id, element=bank, person=by, at=clock.now())
    edit.before = _before(rows, change, edit.at)
    values = _values(change, edit.at)
    edit.changed = rows.update(**values) if values else 0
    if not edit.changed:
        return edit
    edit.said = {"questions": edit.changed, **_said(change), **({"found": found} if found else {})}
    edit_keep(edit=edit)
    audit(act="questions.changed", by=by, target=bank, after=edit.said)
    return edit


@transaction.atomic
def change_undo(*, edit: BulkEdit, by: Person) -> int:
    """Give these questions back what they had; returns how many. What was changed again since then stays. Twice is once."""
    refuse_from_above(bank=edit.element)
    edit = BulkEdit.objects.select_for_update(of=("self",)).select_related("element").get(pk=edit.pk)
    if edit.undone_at is not None:
        return 0
    if edit.at < clock.now() - UNDO_FOR:
        raise AssessmentError(_("This was changed too long ago to be taken back."))
    count = len(_taken_back(edit))
    edit.undone_at = clock.now()
    edit.save(update_fields=["undone_at"])
    audit(act="questions.change_undone", by=by, target=edit.element, before=edit.said, after={"questions": count})
    return count


def _taken_back(edit: BulkEdit) -> set[int]:
    """The ids of the questions that have what they had."""
    if "moved" in edit.before:
        return move_undo(edit=edit)
    if "put" in edit.before:
        return put_undo(edit=edit)
    back = _Back(edit)
    back.write(set(questions_lock(bank=edit.element, question_ids=back.ids)))
    return back.given


class _Back:
    """The way back of one change: a statement for each value that there was before."""

    def __init__(self, edit: BulkEdit) -> None:
        self.edit = edit
        self.added: dict[str, list[int]] = edit.before.get("added", {})
        self.removed: dict[str, list[int]] = edit.before.get("removed", {})
        self.fields: dict[str, dict[str, Any]] = edit.before.get("fields", {})
        groups = [ids for facts in self.fields.values() for _value, ids in facts["before"]]
        self.ids = {pk for ids in [*self.added.values(), *self.removed.values(), *groups] for pk in ids}
        self.locked: set[int] = set()
        self.given: set[int] = set()  # those that got something back

    def rows(self, ids: list[int]) -> QuerySet[Question]:
        return Question.objects.filter(Among("pk", [pk for pk in ids if pk in self.locked]))

    def write(self, locked: set[int]) -> None:
        self.locked = locked
        for tag, ids in self.added.items():
            self._update(self.rows(ids).filter(tags__contains=[tag]), tags=tags_changed(add=[], remove=[tag]))
        for tag, ids in self.removed.items():
            self._update(self.rows(ids).exclude(tags__contains=[tag]), tags=tags_changed(add=[tag], remove=[]))
        there = set(Objective.objects.filter(element=self.edit.element).values_list("pk", flat=True))
        for name, facts in self.fields.items():
            for value, ids in facts["before"]:
                if name != "objective_id" or value is None or value in there:
                    self._update(self.rows(ids).filter(**_equal(name, facts["after"])), **{name: _read(name, value)})

    def _update(self, rows: QuerySet[Question], **values: Any) -> None:
        found = list(rows.values_list("pk", flat=True))
        Question.objects.filter(Among("pk", found)).update(**values)
        self.given.update(found)


def _equal(name: str, value: Any) -> dict[str, Any]:
    return {f"{name}__isnull": True} if value is None else {name: _read(name, value)}


def _read(name: str, value: Any) -> Any:
    """A value of this field as it was before it went through JSON."""
    return value if name == "objective_id" else Question._meta.get_field(name).to_python(value)


def _locked(bank: Element, question_ids: Iterable[int], change: Change) -> QuerySet[Question]:
    """Those that become different, locked in one order, so that two authors at once wait for each other and do not hang."""
    # Looked at once they are locked: who came first may have changed them.
    return Question.objects.filter(Among("pk", questions_lock(bank=bank, question_ids=question_ids)), touched(change))


def _fields(change: Change, at: datetime) -> dict[str, Any]:
    """The columns beside the tags that are written, each with its new value."""
    found: dict[str, Any] = {}
    if change.objective is not None:
        found["objective_id"] = change.objective.pk if isinstance(change.objective, Objective) else None
    if change.difficulty is not None:
        found["difficulty"] = change.difficulty or None
    if change.review_on is not None:
        found["review_on"] = change.review_on or None
    if change.retired is not None:
        found["retired_at"] = at if change.retired else None
    return found


def _values(change: Change, at: datetime) -> dict[str, Any]:
    values = _fields(change, at)
    if values.get("retired_at"):  # what is retired already keeps its day
        values["retired_at"] = Coalesce(F("retired_at"), Value(at))
    if change.added or change.removed:
        values["tags"] = tags_changed(add=change.added, remove=change.removed)
    return values


def _before(rows: QuerySet[Question], change: Change, at: datetime) -> dict[str, Any]:
    """What the questions have now of all that changes; a query for each tag and each field."""
    ids = rows.order_by("pk").values_list("pk", flat=True)
    fields: dict[str, Any] = {}
    for name, after in _fields(change, at).items():
        found = rows.order_by().values_list(name).annotate(ids=ArrayAgg("pk", order_by="pk"))
        fields[name] = {"after": _plain(after), "before": [[_plain(value), some] for value, some in found]}
    return {
        "added": {tag: list(ids.exclude(tags__contains=[tag])) for tag in change.added},
        "removed": {tag: list(ids.filter(tags__contains=[tag])) for tag in change.removed},
        "fields": fields,
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _said(change: Change) -> dict[str, Any]:
    """What the audit log keeps of a change; None where something is taken away."""
    said: dict[str, Any] = {}
    if change.added:
        said["add_tags"] = change.added
    if change.removed:
        said["remove_tags"] = change.removed
    if change.objective is not None:
        said["objective"] = str(change.objective) if change.objective else None
    if change.difficulty is not None:
        said["difficulty"] = change.difficulty or None
    if change.review_on is not None:
        said["review_on"] = str(change.review_on) if change.review_on else None
    if change.retired is not None:
        said["retired"] = change.retired
    return said
