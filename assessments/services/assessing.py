"""How an assessment is held: its settings, sections, draws, and exceptions for people and groups."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import (
    Answer,
    Assessment,
    AssessmentQuestion,
    Attempt,
    Deadline,
    Draw,
    Mode,
    Objective,
    Override,
    Question,
    Section,
)
from assessments.selectors.terms import terms_of
from assessments.services.arranging import assessment_hold
from assessments.services.drawing import candidates_of
from assessments.showing import DEFAULT, EVERYTHING
from ecosystem.markup import clean_html
from ecosystem.models import Element, Group, Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit

SETTINGS = (
    "mode", "pass_mark", "attempts_allowed", "wait_minutes", "minutes_allowed", "grace_seconds", "opens_at", "closes_at",
    "shuffle_questions", "shuffle_choices", "even_exposure", "forward_only", "people_mark", "second_marker",
    "anonymous_marking", "minimum_group", "review", "target_error", "least_questions", "most_questions",
)  # fmt: skip
MOST_DRAWN = 500
MOST_FIXED = 500
MOST_FORMER = 20  # earlier headings of a section that are remembered


@transaction.atomic
def assessment_set(*, assessment: Assessment, by: Person, password: str | None = None, **settings: Any) -> Assessment:
    """Change some of ``SETTINGS``; attempts that run keep their deadline. ``password`` "" takes it away, None leaves it.

    Refuses (AssessmentError) another kind once somebody has begun: what was promised to people who answered must stay.
    """
    assessment = (
        Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("element").get(pk=assessment.pk)
    )
    _refuse_settings(assessment, settings)
    before = {name: getattr(assessment, name) for name in settings}
    for name, value in settings.items():
        setattr(assessment, name, value)
    if assessment.opens_at and assessment.closes_at and assessment.opens_at >= assessment.closes_at:
        raise AssessmentError(_("It must open before it closes."))
    if assessment.least_questions > assessment.most_questions:
        raise AssessmentError(_("At least so many questions cannot be more than at most so many."))
    if assessment.is_adaptive:
        assessment.forward_only = True  # what comes next hangs on what was answered
    if password is not None:
        assessment.password_hash = make_password(password) if password else ""
    assessment.save()
    after = {**settings, **({"password": bool(password)} if password is not None else {})}
    audit(act="assessment.set", by=by, target=assessment.element, before=before, after=after)
    return assessment


def _refuse_settings(assessment: Assessment, settings: Mapping[str, Any]) -> None:
    if unknown := set(settings) - set(SETTINGS):
        raise TypeError(f"No settings of an assessment: {', '.join(sorted(unknown))}.")
    if not 0 <= settings.get("pass_mark", 0) <= 1:
        raise AssessmentError(_("The pass mark is a share between 0 and 1."))
    if settings.get("target_error", 1) <= 0 or settings.get("least_questions", 1) < 1:
        raise AssessmentError(_("An adaptive test asks one question at least, and can never be sure."))
    mode = settings.get("mode", assessment.mode)
    if mode not in Mode.values:
        raise AssessmentError(_("There is no such kind of assessment."))
    if mode != assessment.mode and Attempt.objects.filter(element_id=assessment.element_id).exists():
        raise AssessmentError(_("Somebody has begun already: the kind stays as it is. Make a new one instead."))
    for moment, things in settings.get("review", {}).items():
        if moment not in DEFAULT or not set(things) <= EVERYTHING:
            raise AssessmentError(_("There is no such moment or thing to show."))


@transaction.atomic
def section_add(*, assessment: Assessment, title: str, text: str = "", by: Person) -> Section:
    """A new section at the end. ``text`` is HTML, cleaned here."""
    assessment_hold(assessment=assessment)
    section = Section.objects.create(
        environment_id=current_scope().environment_id,
        element=assessment.element,
        assessment=assessment,
        position=_last(Section, assessment) + 1,
        title=_heading(assessment, title.strip()[:200] or _("Section")),
        text=clean_html(text),
    )
    audit(act="assessment.section_added", by=by, target=assessment.element, after={"title": section.title})
    return section


@transaction.atomic
def section_change(*, section: Section, title: str, text: str, by: Person) -> Section:
    """Another heading or text (HTML, cleaned here). What was asked in it follows, here and in environments below."""
    assessment_hold(assessment=section.assessment)
    before = {"title": section.title, "text": section.text}
    section.title = _heading(section.assessment, title.strip()[:200] or section.title, but=section.pk)
    section.text = clean_html(text)
    if section.title != before["title"]:
        earlier = [title for title in section.former if title != before["title"]]
        section.former = [*earlier, before["title"]][-MOST_FORMER:]
    section.save(update_fields=["title", "text", "former"])
    if section.title != before["title"]:
        asked = Answer.objects.filter(attempt__assessment=section.assessment_id, section=before["title"])
        asked.update(section=section.title)
    audit(
        act="assessment.section_changed",
        by=by,
        target=section.assessment.element,
        before={"title": before["title"]},
        after={"title": section.title, "other_text": section.text != before["text"]},
    )
    return section


def _heading(assessment: Assessment, title: str, *, but: int | None = None) -> str:
    """Sections of one quiz have headings that differ, also from earlier ones: what was asked keeps the heading only."""
    others = assessment.sections.exclude(pk=but)
    if others.filter(Q(title=title) | Q(former__contains=[title])).exists():
        raise AssessmentError(_("Another section of this quiz has this title, or had it before. Choose another."))
    return title


@transaction.atomic
def section_remove(*, section: Section, by: Person) -> None:
    """Its questions and draws stay, in no section."""
    audit(act="assessment.section_removed", by=by, target=section.assessment.element, before={"title": section.title})
    section.delete()


@transaction.atomic
def draw_add(
    *,
    assessment: Assessment,
    bank: Element,
    count: int,
    by: Person,
    section: Section | None = None,
    category: str = "",
    objective: Objective | None = None,
    tag: str = "",
    easiest: float | None = None,
    hardest: float | None = None,
) -> Draw:
    """So many questions of a bank, drawn anew for each attempt. Refuses more than there are to draw from."""
    draw = Draw(
        environment_id=current_scope().environment_id,
        element=assessment.element,
        assessment=assessment,
        section=section,
        position=_last(Draw, assessment) + 1,
        count=count,
        bank=bank,
        category=category.strip(),
        objective=objective,
        tag=tag.strip(),
        easiest=easiest,
        hardest=hardest,
    )
    there = candidates_of(draw=draw).count()
    if not 1 <= count <= min(there, MOST_DRAWN):
        raise AssessmentError(_("%(there)s questions fit; draw between 1 and that many.") % {"there": there})
    draw.save()
    audit(act="assessment.draw_added", by=by, target=assessment.element, after={"count": count, "bank": bank.title})
    return draw


@transaction.atomic
def draw_remove(*, draw: Draw, by: Person) -> None:
    audit(
        act="assessment.draw_removed",
        by=by,
        target=draw.assessment.element,
        before={"count": draw.count, "bank": draw.bank.title},
    )
    draw.delete()


@transaction.atomic
def question_put(
    *, assessment: Assessment, question: Question, by: Person, section: Section | None = None
) -> AssessmentQuestion:
    """Ask the question in each attempt from now on, at the end; one that is asked already moves into the section."""
    assessment_hold(assessment=assessment)
    row = AssessmentQuestion.objects.filter(assessment=assessment, question=question).first()
    if row is None:
        row = AssessmentQuestion(
            environment_id=current_scope().environment_id,
            element=assessment.element,
            assessment=assessment,
            question=question,
            position=_last(AssessmentQuestion, assessment) + 1,
        )
    row.section = section
    row.save()
    audit(act="assessment.question_put", by=by, target=assessment.element, after={"question": question.identifier})
    return row


@transaction.atomic
def question_take_out(*, row: AssessmentQuestion, by: Person) -> None:
    """Ask it no more; attempts that have it keep it."""
    audit(
        act="assessment.question_taken_out",
        by=by,
        target=row.assessment.element,
        before={"question": row.question.identifier},
    )
    row.delete()


def _last(model: Any, assessment: Assessment) -> int:
    return model.objects.filter(assessment=assessment).aggregate(last=Max("position"))["last"] or 0


@transaction.atomic
def override_save(
    *,
    assessment: Assessment,
    by: Person,
    person: Person | None = None,
    group: Group | None = None,
    extra_minutes: int = 0,
    attempts_allowed: int | None = None,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
    because: str = "",
) -> Override:
    """Other terms for one person or one group, made or changed. A running attempt gets its extra time at once."""
    if (person is None) == (group is None):
        raise AssessmentError(_("Choose one person or one group."))
    facts = {
        "extra_minutes": extra_minutes,
        "attempts_allowed": attempts_allowed,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "because": because.strip()[:200],
    }
    override, _created = Override.objects.update_or_create(
        environment_id=current_scope().environment_id,
        element=assessment.element,
        assessment=assessment,
        person=person,
        group=group,
        defaults=facts,
    )
    running_attempts_extend(assessment=assessment)
    audit(
        act="assessment.exception_made",
        by=by,
        target=assessment.element,
        after={"who": person.pk if person else str(group), **facts},
    )
    return override


@transaction.atomic
def override_remove(*, override: Override, by: Person) -> None:
    """The terms of everybody count again; an attempt that runs keeps the time it was given."""
    audit(
        act="assessment.exception_ended",
        by=by,
        target=override.assessment.element,
        before={"who": override.person_id or str(override.group)},
    )
    override.delete()


def running_attempts_extend(*, assessment: Assessment) -> int:
    """Give attempts that run a later deadline where their terms now say so, never an earlier one; returns how many."""
    running = Attempt.objects.select_for_update(of=("self",), no_key=True).filter(
        environment_id=current_scope().environment_id,
        element_id=assessment.element_id,
        finished_at=None,
        deadline_at__isnull=False,
    )
    return sum(_extend(attempt, assessment) for attempt in running.order_by("pk"))


def _extend(attempt: Attempt, assessment: Assessment) -> bool:
    terms = terms_of(assessment=assessment, person_id=attempt.person_id)
    later = terms.deadline(attempt.started_at)
    if later is None or attempt.deadline_at is None or later <= attempt.deadline_at:
        return False
    attempt.deadline_at = later
    attempt.save(update_fields=["deadline_at"])
    Deadline.objects.filter(attempt=attempt).update(due_at=later + terms.grace)
    return True
