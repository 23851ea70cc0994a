"""Assignments made and changed, their rubric, and more time for one person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ecosystem import clock
from ecosystem.markup import markdown_to_html, plain_text
from ecosystem.models import Membership, Person
from ecosystem.rules import is_author
from ecosystem.scope import current_scope
from ecosystem.search import index_element
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_create, element_update
from ecosystem.slugs import slug_free
from handins.exceptions import HandinError
from handins.files.types import ENDINGS
from handins.models import Assignment, Extension, Rubric, Submission
from handins.services.locking import names_held
from handins.services.marking_rights import marks_people
from handins.services.moderating import seed_keep
from handins.services.naming import here_and_below, is_being_marked, names_follow
from handins.services.telling import tell_extended

SET = (
    "markdown", "takes_text", "takes_files", "takes_link", "takes_audio", "takes_video", "endings", "most_files", "most_mb", "most_words", "due_at",
    "closes_at", "honour", "most_rounds", "pass_mark", "completed_by",
    "is_group", "all_agree", "is_anonymous", "is_double", "tolerance", "moderation", "moderation_share", "moderation_active", "borderline",
    "is_compared", "is_on_the_job", "late_points",
)  # fmt: skip
MOST_CRITERIA, MOST_LEVELS, LONGEST = 12, 8, 100_000


@transaction.atomic
def assignment_make(
    *, title: str, by: Membership, criteria: list[dict[str, Any]] | None = None, **facts: Any
) -> Assignment:
    """A new assignment; ``facts`` are those of ``SET`` and of the element, ``criteria`` those of its first rubric."""
    if not is_author(by):
        raise HandinError(_("Only who makes content can do that."))
    own = {name: facts.pop(name) for name in SET if name in facts}
    facts.setdefault("slug", slug_free(title=title, kind="handin"))
    facts.setdefault("creators", [by.person])
    made = Assignment(environment_id=current_scope().environment_id, **own)
    _refuse_nonsense(made)
    made.element = element_create(kind="handin", title=title, **facts)
    made.html = markdown_to_html(made.markdown)
    seed_keep(assignment=made)
    made.save()
    index_element(element=made.element, body=plain_text(made.html))
    audit(act="assignment.made", by=by.person, target=made, after={"title": title})
    if criteria:
        handin_rubric_save(assignment=made, criteria=criteria, by=by)
    return made


@transaction.atomic
def assignment_set(
    *, assignment: Assignment, by: Membership, title: str | None = None, summary: str | None = None, **facts: Any
) -> Assignment:
    """Change what is given. What was handed in, and how it was marked, stays as it is."""
    held = _held(assignment, by, names=not facts.keys().isdisjoint(("is_anonymous", "is_on_the_job")))
    words = {name: value for name, value in (("title", title), ("summary", summary)) if value is not None}
    if words:
        held.element = element_update(element=held.element, **words)
    before = {name: getattr(held, name) for name in facts}
    for name, value in facts.items():
        if name not in SET:
            raise TypeError(name)
        setattr(held, name, value)
    _refuse_late(held, before)
    _refuse_nonsense(held)
    held.html = markdown_to_html(held.markdown)
    seed_keep(assignment=held)
    held.save(update_fields=[*facts, "html", "moderation_seed"])
    if before.get("is_anonymous", held.is_anonymous) != held.is_anonymous:
        names_follow(assignment=held)
    index_element(element=held.element, body=plain_text(held.html))
    after = {name: str(value) for name, value in {**facts, **words}.items() if before.get(name) != value}
    if after:
        old = {name: str(before[name]) for name in after if name in before}
        audit(act="assignment.set", by=by.person, target=held, before=old, after=after)
    return held


@transaction.atomic
def handin_rubric_save(*, assignment: Assignment, criteria: list[dict[str, Any]], by: Membership) -> Rubric | None:
    """Another version of the rubric, for marks from now on; none takes it away. The same again changes nothing.

    ``criteria``: [{"title", "weight", "levels": [{"title", "points"}]}]. Refuses one without two levels, or without points.
    """
    held = _held(assignment, by)
    _refuse_bad_rubric(criteria)
    newest = Rubric.objects.filter(assignment=held).order_by("-number").first()
    if (newest.criteria if newest else []) == criteria:
        return newest
    number = (Rubric.objects.filter(assignment=held).aggregate(most=Max("number"))["most"] or 0) + 1
    made: Rubric = Rubric.objects.create(
        environment_id=held.environment_id,
        element_id=held.element_id,
        assignment=held,
        number=number,
        criteria=criteria,
        made_at=clock.now(),
    )
    audit(act="handin.rubric_saved", by=by.person, target=held, after={"version": number, "criteria": criteria})
    return made


@transaction.atomic
def extension_give(
    *, assignment: Assignment, person: Person, until: datetime, reason: str = "", by: Membership
) -> Extension:
    """More time for one person, in place of what they had; they are told. For who marks their work."""
    is_marked = marks_people(by=by, element_id=assignment.element_id, person_ids=[person.pk])
    if person.pk == by.person_id or not is_marked:
        raise HandinError(_("Only who marks the work of this person can do that."))
    due = assignment.due_at or assignment.closes_at
    if due is None:
        raise HandinError(_("This assignment has no date by which it is due, so nobody needs more time."))
    if until <= due:
        raise HandinError(_("More time ends later than the date for everybody."))
    reason, now = reason.replace("\x00", "").strip()[:300], clock.now()
    before = Extension.objects.filter(element=assignment.element, person=person).first()
    if before is not None and (before.until, before.reason) == (until, reason):
        return before
    given, _created = Extension.objects.update_or_create(
        environment_id=current_scope().environment_id,
        element=assignment.element,
        person=person,
        defaults={"until": until, "reason": reason, "given_by": by.person, "given_at": now},
    )
    audit(
        act="handin.extended",
        by=by.person,
        target=given,
        before={"until": str(before.until) if before else None},
        after={"until": str(until), "person": person.pk, "reason": reason},
    )
    tell_extended(extension=given)
    return given


def _refuse_late(held: Assignment, before: dict[str, Any]) -> None:
    """What may not become another while work is under way; ``before``: what it was."""
    if before.get("is_group", held.is_group) != held.is_group and _has_begun(held):
        raise HandinError(_("Somebody has begun, so it stays with whom it is handed in."))
    if before.get("is_on_the_job", held.is_on_the_job) != held.is_on_the_job and _has_begun(held):
        raise HandinError(_("Somebody has begun, so whether a supervisor confirms it stays as it is."))
    if before.get("is_anonymous") and not held.is_anonymous and is_being_marked(assignment=held):
        raise HandinError(_("Some work is not released yet, so names stay hidden until it is."))


def _has_begun(held: Assignment) -> bool:
    """Here, or wherever below it is used."""
    return any(Submission.objects.filter(element_id=held.element_id).exists() for _place in here_and_below())


def _held(assignment: Assignment, by: Membership, *, names: bool = False) -> Assignment:
    if not is_author(by):
        raise HandinError(_("Only who makes content can do that."))
    if assignment.environment_id != current_scope().environment_id:
        raise HandinError(_("It comes from the environment above and is changed there."))
    if names:
        names_held(assignment=assignment)
    held = Assignment.objects.select_for_update(of=("self",), no_key=True).select_related("element")
    found: Assignment = held.get(pk=assignment.pk)
    return found


def _refuse_nonsense(made: Assignment) -> None:
    made.markdown = made.markdown.replace("\x00", "").replace("\r\n", "\n").strip()
    if not made.markdown or len(made.markdown) > LONGEST:
        raise HandinError(_("Say what to do."))
    if not (made.takes_text or made.takes_link or made.takes_uploads):
        raise HandinError(_("Choose at least one way to hand in."))
    if made.is_on_the_job and (made.is_group or made.is_anonymous):
        raise HandinError(
            _("A supervisor confirms the work of one person whose name they see: no teams, no hidden names.")
        )
    if made.due_at and made.closes_at and made.due_at > made.closes_at:
        raise HandinError(_("Work is due before it is no longer taken."))
    if not 1 <= made.moderation_share <= 100 or made.borderline > 100:
        raise HandinError(_("A share lies between 1 and 100 percent."))
    if made.tolerance > 100:
        raise HandinError(_("Two marks are at most 100 points apart."))
    if unknown := set(made.endings) - set(ENDINGS):
        raise HandinError(_("Files of this kind cannot be kept: %(kind)s.") % {"kind": sorted(unknown)[0]})


def _refuse_bad_rubric(criteria: list[dict[str, Any]]) -> None:
    if len(criteria) > MOST_CRITERIA or any(len(one["levels"]) > MOST_LEVELS for one in criteria):
        raise HandinError(_("A rubric has at most 12 criteria of 8 levels."))
    if len({one["title"].strip().casefold() for one in criteria}) < len(criteria):
        raise HandinError(_("Give each criterion another name."))
    for one in criteria:
        points = [level["points"] for level in one["levels"]]
        if not one["title"].strip() or one["weight"] < 1 or len(points) < 2 or max(points) < 1 or min(points) < 0:
            raise HandinError(_("Each criterion needs a name, a weight, two levels, and one level that earns points."))
