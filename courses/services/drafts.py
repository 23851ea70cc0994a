"""The draft of a course: copied from what is published, and kept with every edit of it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from courses.access import may_build
from courses.exceptions import CourseError, DraftChangedError
from courses.models import Activity, Block, CourseVersion, DraftEdit, VersionState
from courses.plans.draft_words import REDONE, UNDONE, edit_words, histories
from courses.plans.plan import Changes, Rows, changes_between, touched, turned_round
from courses.plans.rows import rows_of
from courses.plans.versions import newest_published
from ecosystem import clock
from ecosystem.models import Availability, Element, Membership


@transaction.atomic
def draft_of(*, element: Element, by: Membership) -> CourseVersion:
    """The draft of a course, made from its last published version when there is none yet; twice is once.

    Blocks and activities keep their ``uid``. Refuses who may not build this course, and a course from above.
    """
    refuse_strangers(element=element, by=by)
    draft, created = CourseVersion.objects.get_or_create(
        environment_id=element.environment_id, element=element, number=0, defaults={"state": VersionState.DRAFT}
    )
    if created:
        last = newest_published(element.pk)
        if last is not None:
            store(version=draft, changes=changes_between({}, rows_of(last)))
    return draft


def draft_write(*, draft: CourseVersion, rows: Rows) -> None:
    """Fill an empty draft, in the transaction in which it was made: there is nothing to undo, and nobody to ask."""
    store(version=draft, changes=changes_between({}, rows))


def refuse_strangers(*, element: Element, by: Membership) -> None:
    if element.environment_id != by.environment_id:
        raise CourseError(_("It comes from the environment above and is changed there."))
    if not may_build(by, element):
        raise CourseError(_("You cannot change this course."))


def store(*, version: CourseVersion, changes: Changes) -> None:
    """Write changed rows of a plan. Places are compared at the commit only."""
    common = {"environment_id": version.environment_id, "element_id": version.element_id, "version": version}
    blocks = {uid: pair for uid, pair in changes.items() if (pair[0] or pair[1])["kind"] == "block"}  # type: ignore[index]
    steps = {uid: pair for uid, pair in changes.items() if uid not in blocks}
    kept = {str(row.uid): row for row in Block.objects.filter(version=version)}
    for uid, (_before, after) in blocks.items():
        if after is not None:
            row = kept.setdefault(uid, Block(**common, uid=uid))
            row.title, row.position = after["title"], after["position"]
            row.save()
    known = {str(row.uid): row for row in Activity.objects.filter(version=version, uid__in=list(steps))}
    fresh = []
    for uid, (_before, after) in steps.items():
        if after is None:
            continue
        step = known.get(uid) or Activity(**common, uid=uid)
        _fill(step, after, kept)
        if uid in known:
            step.save()
        else:
            fresh.append(step)
    Activity.objects.bulk_create(fresh)
    Activity.objects.filter(version=version, uid__in=[uid for uid, pair in steps.items() if pair[1] is None]).delete()
    Block.objects.filter(version=version, uid__in=[uid for uid, pair in blocks.items() if pair[1] is None]).delete()


def _fill(step: Activity, row: dict[str, Any], blocks: dict[str, Block]) -> None:
    step.block, step.target_id = blocks[row["block"]], row["target"]
    for name in ("type", "title", "minutes", "weight", "optional", "condition", "position"):
        setattr(step, name, row[name])


def draft_seen(*, element: Element, pk: int | None = None) -> CourseVersion:
    """The draft that a course has now. ``pk`` is that of the one somebody looked at: refuses when it is another now.

    Number ``seen`` of an edit says nothing without it: every draft counts its edits from 1.
    """
    draft = CourseVersion.objects.filter(element=element, state=VersionState.DRAFT).first()
    if draft is None or (pk is not None and pk != draft.pk):
        raise _gone()
    return draft


def _gone() -> CourseError:
    return CourseError(_("This draft has been published or thrown away. Open the course again."))


def draft_locked(*, draft: CourseVersion, by: Membership) -> CourseVersion:
    """The draft's row, held until the commit: authors take turns. Refuses what is no draft any more."""
    fresh = CourseVersion.objects.select_for_update(of=("self",)).select_related("element").filter(pk=draft.pk).first()
    if fresh is None or fresh.state != VersionState.DRAFT:
        raise _gone()
    refuse_strangers(element=fresh.element, by=by)
    return fresh


def edit_keep(
    *, draft: CourseVersion, changes: Changes, act: str, title: str, by: Membership, seen: int,
    reverses: int | None = None,
) -> DraftEdit | None:  # fmt: skip
    """Write changes and the edit that remembers them; None when there is nothing to change.

    ``draft`` is locked. Refuses what somebody else has changed after edit ``seen``.
    """
    if not changes:
        return None
    refuse_overlap(draft=draft, changes=changes, seen=seen)
    _refuse_gone(changes)
    store(version=draft, changes=changes)
    draft.edit_count += 1
    draft.save(update_fields=["edit_count"])
    return DraftEdit.objects.create(
        environment_id=draft.environment_id,
        element_id=draft.element_id,
        version=draft,
        number=draft.edit_count,
        act=act,
        title=title[:200],
        changes=changes,
        reverses=reverses,
        by=by.person,
        at=clock.now(),
    )


def added_already(
    *, draft: CourseVersion, by: Membership, seen: int, title: str, **facts: Any
) -> DraftEdit | None:  # fmt: skip
    """The edit that has added this already, when the same form was sent twice: by the same person, from the same ``seen``.

    ``draft`` is locked. ``facts`` are those of the row, such as its block and what is done in it.
    """
    if draft.edit_count != seen + 1:
        return None
    edit = DraftEdit.objects.filter(version=draft, number=seen + 1, by=by.person).first()
    for before, after in edit.changes.values() if edit else ():
        is_added = before is None and after and after["title"] == title
        if is_added and all(after.get(name) == value for name, value in facts.items()):  # type: ignore[union-attr]
            return edit
    return None


def refuse_overlap(*, draft: CourseVersion, changes: Changes, seen: int) -> None:
    wanted = touched(changes)
    since = DraftEdit.objects.filter(version=draft, number__gt=seen).select_related("by").order_by("-number")
    for edit in since:
        if wanted & touched(edit.changes):
            raise DraftChangedError(
                _("Meanwhile somebody else changed the same thing: %(what)s. Look at it, then save yours again.")
                % {"what": edit_words(edit)}
            )


def _refuse_gone(changes: Changes) -> None:
    """An undo can bring back an element that is not available any more."""
    targets = {after["target"] for _before, after in changes.values() if after and after["kind"] == "activity"}
    if Availability.objects.filter(element_id__in=targets).values("element_id").distinct().count() != len(targets):
        raise CourseError(_("Some of these elements are not available here."))


@transaction.atomic
def draft_undo(*, draft: CourseVersion, by: Membership, seen: int) -> DraftEdit:
    """Take the last edit back. Refuses when there is none, and when there are edits that ``by`` has not seen."""
    return _turn(draft, by, seen, back=True)


@transaction.atomic
def draft_redo(*, draft: CourseVersion, by: Membership, seen: int) -> DraftEdit:
    """Do again what was undone last, as long as nothing else was changed since."""
    return _turn(draft, by, seen, back=False)


def _turn(draft: CourseVersion, by: Membership, seen: int, *, back: bool) -> DraftEdit:
    fresh = draft_locked(draft=draft, by=by)
    edits = list(DraftEdit.objects.filter(version=fresh).select_related("by").order_by("number"))
    if seen != fresh.edit_count:
        if not edits:
            raise _gone()
        raise DraftChangedError(
            _("Meanwhile somebody else changed the draft: %(what)s. Look at it first.")
            % {"what": edit_words(edits[-1])}
        )
    done, undone = histories(edits)
    edit = next(iter((done if back else undone)[-1:]), None)
    if edit is None:
        raise CourseError(_("There is nothing to undo.") if back else _("There is nothing to do again."))
    made = edit_keep(
        draft=fresh,
        changes=turned_round(edit.changes) if back else edit.changes,
        act=UNDONE if back else REDONE,
        title=edit.title,
        by=by,
        seen=seen,
        reverses=edit.number,
    )
    if made is None:
        raise CourseError(_("There is nothing to undo."))
    return made


@transaction.atomic
def draft_discard(*, draft: CourseVersion, by: Membership, seen: int) -> None:
    """Throw the draft away with its edits; what is published stays.

    Refuses one that is all there is of the course, and one with edits that ``by`` has not looked at (``seen``).
    """
    fresh = draft_locked(draft=draft, by=by)
    if seen != fresh.edit_count:
        raise DraftChangedError(_("Meanwhile somebody changed the draft. Look at it again before you throw it away."))
    if not CourseVersion.objects.filter(element_id=fresh.element_id, state=VersionState.PUBLISHED).exists():
        raise CourseError(_("Nothing of this course is published yet, so the draft is all there is of it."))
    fresh.delete()
