"""Many questions at once, as a condition of PostgreSQL: which of them a change would touch, and what was changed lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from assessments.models import BulkEdit, Objective, Question
from assessments.tags import tags_kept
from ecosystem import clock
from ecosystem.models import Element
from ecosystem.prepared import Among
from ecosystem.scope import current_scope

FIELDS = ("objective", "difficulty", "review_on")
UNDO_FOR = timedelta(days=1)
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What changes for many questions; None leaves a thing as it is. objective and review_on: False takes it away."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    objective: Objective | bool | None = None
    difficulty: int | None = None
    review_on: date | bool | None = None
    retired: bool | None = None

    @property
    def added(self) -> list[str]:
        return tags_kept(self.add_tags)

    @property
    def removed(self) -> list[str]:
        return [tag for tag in tags_kept(self.remove_tags) if tag not in self.added]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """How many questions would change, and how many are like that already."""

    changes: int
    already: int


def touched(change: Change) -> Q:
    """The questions that the change makes different."""
    found = Q(pk__in=[])
    if change.added:
        found |= ~Q(tags__contains=change.added)
    if change.removed:
        found |= Q(tags__overlap=change.removed)
    for name in FIELDS:
        wanted = getattr(change, name)
        if wanted is not None:
            found |= ~Q(**{name: wanted or None})
    if change.retired is not None:
        found |= Q(retired_at__isnull=change.retired)
    return found


def change_foreseen(*, bank: Element, question_ids: Iterable[int], change: Change) -> Foreseen:
    """What the change would do, in one query; nothing is written."""
    rows, ours = Question.objects.filter(Among("pk", list(question_ids))), Q(element=bank)
    found = rows.aggregate(all=Count("pk", filter=ours), changes=Count("pk", filter=ours & touched(change)))
    return Foreseen(found["changes"], found["all"] - found["changes"])


def edits_to_undo(*, bank: Element) -> list[BulkEdit]:
    """The last changes of many questions that can be taken back, the newest first; without the long lists of ids."""
    rows = BulkEdit.objects.filter(
        environment_id=current_scope().environment_id, element=bank, undone_at=None, at__gt=clock.now() - UNDO_FOR
    )
    return list(rows.select_related("person").defer("before").order_by("-pk")[:MOST_SHOWN])
