"""Many questions given to another bank or asked in a quiz, each by a handful of statements, and taken back for a day."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Max, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import (
    Assessment,
    AssessmentQuestion,
    BulkEdit,
    Objective,
    Picture,
    Question,
    QuestionVersion,
    Rubric,
)
from assessments.services.assessing import MOST_FIXED
from assessments.services.edits_kept import edit_keep, questions_lock, refuse_from_above
from ecosystem import clock
from ecosystem.models import Element, Person
from ecosystem.prepared import Among
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit

COPY_QUESTIONS = """
    INSERT INTO assessments_question (environment_id, element_id, identifier, objective_id, source_id, name, category,
        retired_at, type, text, newest, tags, difficulty, review_on)
    SELECT one.environment_id, %(to)s, one.identifier, goal.there, one.source_id, one.name, one.category,
        one.retired_at, one.type, one.text, one.newest, one.tags, one.difficulty, one.review_on
    FROM assessments_question one
    LEFT JOIN unnest(%(objectives)s::bigint[], %(theirs)s::bigint[]) AS goal (here, there) ON goal.here = one.objective_id
    WHERE one.id = ANY(%(old)s) ORDER BY one.id
    RETURNING id, identifier
"""
COPY_VERSIONS = """
    INSERT INTO assessments_questionversion (environment_id, element_id, question_id, number, type, stem, body, feedback,
        points, hints, author_id, author_name, created_at)
    SELECT one.environment_id, %(to)s, copy.there, one.number, one.type, one.stem, one.body, one.feedback,
        one.points, one.hints, one.author_id, one.author_name, one.created_at
    FROM unnest(%(old)s::bigint[], %(new)s::bigint[]) AS copy (here, there)
    JOIN assessments_questionversion one ON one.question_id = copy.here
    ORDER BY one.id
"""
COPY_RUBRICS = """
    INSERT INTO assessments_rubric (environment_id, bank_id, question_id, criteria)
    SELECT one.environment_id, %(to)s, copy.there, one.criteria
    FROM unnest(%(old)s::bigint[], %(new)s::bigint[]) AS copy (here, there)
    JOIN assessments_rubric one ON one.question_id = copy.here
"""
PICTURES = """
    SELECT DISTINCT named[1]
    FROM assessments_questionversion one,
        regexp_matches(one.stem || one.feedback || one.body::text || one.hints::text, 'attachment:([0-9a-f]{64})', 'g') named
    WHERE one.question_id = ANY(%(old)s)
"""
ASK_TOO = """
    INSERT INTO assessments_assessmentquestion (environment_id, element_id, assessment_id, question_id, position)
    SELECT %(environment)s, %(element)s, %(assessment)s, question, %(last)s + place
    FROM unnest(%(questions)s::bigint[]) WITH ORDINALITY AS asked (question, place)
    RETURNING id
"""
# What makes a copy another question than the one it was made of; who changed any of it wants to keep the copy.
SAME = ("identifier", "newest", "name", "category", "tags", "difficulty", "review_on", "objective__text", "source_id")


@dataclass(frozen=True, slots=True)
class Asking:
    """Which questions a quiz would ask too. ``already`` are asked there, ``over`` find no place any more."""

    ids: list[int]
    already: int
    over: int


@transaction.atomic
def questions_move(
    *, bank: Element, question_ids: Iterable[int], to: Element, by: Person, found: dict[str, str] | None = None
) -> BulkEdit:
    """Give these questions to another bank of this environment, with all versions, makers, rubrics and pictures.

    Answers keep pointing at the versions they were given to, so those stay behind, retired. Refuses questions that a
    quiz asks, and identifiers that the other bank has already. What comes back is as from ``questions_change``.
    """
    # Nothing else comes into the other bank meanwhile, as when something is imported there.
    Element.objects.select_for_update(of=("self",), no_key=True).filter(pk=to.pk).first()
    old = questions_lock(bank=bank, question_ids=question_ids)
    move_check(bank=bank, question_ids=old, to=to)
    edit = BulkEdit(environment_id=bank.environment_id, element=bank, person=by, at=clock.now(), changed=len(old))
    if not old:
        return edit
    rows = Question.objects.filter(Among("pk", old))
    here = dict(rows.values_list("identifier", "pk"))
    still_asked = list(rows.filter(retired_at=None).order_by("pk").values_list("pk", flat=True))
    objectives = _objectives_there(to, rows)
    facts = {"to": to.pk, "old": old, "objectives": list(objectives), "theirs": list(objectives.values())}
    with connection.cursor() as cursor:
        cursor.execute(COPY_QUESTIONS, facts)
        copies = [(here[identifier], pk) for pk, identifier in cursor.fetchall()]
        facts |= {"old": [one for one, _copy in copies], "new": [copy for _one, copy in copies]}
        cursor.execute(COPY_VERSIONS, facts)
        cursor.execute(COPY_RUBRICS, facts)
    _pictures_copy(bank, to, old)
    rows.update(retired_at=Coalesce(F("retired_at"), Value(edit.at)))
    edit.before = {"moved": {"to": to.pk, "copies": copies, "in_use": still_asked}}
    edit.said = {"questions": len(old), "to": to.title, **({"found": found} if found else {})}
    edit_keep(edit=edit)
    audit(act="questions.moved", by=by, target=bank, after=edit.said)
    return edit


def move_check(*, bank: Element, question_ids: Iterable[int], to: Element) -> int:
    """How many questions would move; raises AssessmentError with the reason why they cannot."""
    refuse_from_above(bank=bank)
    refuse_from_above(bank=to)
    if to.pk == bank.pk or to.kind != "question_bank":
        raise AssessmentError(_("Choose another bank."))
    rows = Question.objects.filter(Among("pk", list(question_ids)), element=bank)
    known = dict(rows.values_list("pk", "identifier"))
    asked = AssessmentQuestion.objects.filter(Among("question_id", list(known))).values("element__title").distinct()
    if titles := sorted(row["element__title"] for row in asked):
        raise AssessmentError(
            _("Some of these questions are asked in a quiz (%(titles)s). Take them out there first.")
            % {"titles": ", ".join(titles[:3])}
        )
    there = set(Question.objects.filter(element=to).values_list("identifier", flat=True))
    if names := sorted(there.intersection(known.values()))[:3]:
        raise AssessmentError(
            _("“%(bank)s” has questions with the same identifiers: %(names)s.")
            % {"bank": to.title, "names": ", ".join(names)}
        )
    return len(known)


def _objectives_there(bank: Element, rows: QuerySet[Question]) -> dict[int, int]:
    """Which objective of the other bank stands for each of these questions'; by the same words, otherwise made anew."""
    wanted = dict(rows.exclude(objective=None).order_by().values_list("objective_id", "objective__text").distinct())
    known = dict(Objective.objects.filter(element=bank).values_list("text", "pk"))
    made = [
        Objective(environment_id=bank.environment_id, element=bank, slug=f"o-{secrets.token_hex(5)}", text=text)
        for text in sorted(set(wanted.values()) - set(known))
    ]
    known |= {one.text: one.pk for one in Objective.objects.bulk_create(made)}
    return {pk: known[text] for pk, text in wanted.items()}


def _pictures_copy(bank: Element, to: Element, question_ids: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PICTURES, {"old": question_ids})
        named = {row[0] for row in cursor.fetchall()}
    if not named:
        return
    there = set(Picture.objects.filter(element=to).values_list("sha256", flat=True))
    pictures = list(Picture.objects.filter(element=bank, sha256__in=named - there))
    for picture in pictures:
        picture.pk, picture.element = None, to
    Picture.objects.bulk_create(pictures)


def move_undo(*, edit: BulkEdit) -> set[int]:
    """Take the copies away and ask the questions again where they were; returns their ids.

    A copy that was changed, asked or answered since stays where it is, and so does its question.
    """
    moved = edit.before["moved"]
    copies: dict[int, int] = dict(moved["copies"])
    to = Element.objects.filter(pk=moved["to"], environment_id=edit.environment_id).first()
    if to is None:
        raise AssessmentError(_("The other bank is not in this environment any more, so they stay there."))
    old, new = (
        questions_lock(bank=edit.element, question_ids=copies),
        questions_lock(bank=to, question_ids=copies.values()),
    )
    rows = Question.objects.order_by()
    before = {pk: facts for pk, *facts in rows.filter(Among("pk", old)).values_list("pk", *SAME)}
    after = {
        pk: (facts, retired)
        for pk, retired, *facts in rows.filter(Among("pk", new)).values_list("pk", "retired_at", *SAME)
    }
    in_use = set(moved["in_use"])
    same = {
        here: copies[here]
        for here, facts in before.items()
        if (found := after.get(copies[here])) and found[0] == facts and (found[1] is None) == (here in in_use)
    }
    free = set(same.values()) - _referred_to(list(same.values()))
    back = {here for here, copy in same.items() if copy in free}
    _remove(sorted(free))
    Question.objects.filter(Among("pk", sorted(back & in_use))).update(retired_at=None)
    return back


def _referred_to(question_ids: list[int]) -> set[int]:
    """Those of these questions that a row of any app points at, or at a version of."""
    found: set[int] = set()
    versions = dict(QuestionVersion.objects.filter(Among("question_id", question_ids)).values_list("pk", "question_id"))
    for model, name in _keys_to(Question):
        if model not in (QuestionVersion, Rubric):
            rows = model.objects.filter(Among(f"{name}_id", question_ids))
            found.update(rows.order_by().values_list(f"{name}_id", flat=True).distinct())
    for model, name in _keys_to(QuestionVersion):
        rows = model.objects.filter(Among(f"{name}_id", list(versions)))
        found.update(versions[pk] for pk in rows.order_by().values_list(f"{name}_id", flat=True).distinct())
    return found


def _keys_to(model: Any) -> list[tuple[Any, str]]:
    """Keys of all apps that point at this model: apps above this one have some, and it knows none of them."""
    fields = model._meta.get_fields(include_hidden=True)
    return [(one.related_model, one.field.name) for one in fields if one.auto_created and one.is_relation]


def _remove(question_ids: list[int]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("assessments_rubric", "assessments_questionversion"):
                cursor.execute(f"DELETE FROM {table} WHERE question_id = ANY(%s)", [question_ids])  # noqa: S608 -- our own names
            cursor.execute("DELETE FROM assessments_question WHERE id = ANY(%s)", [question_ids])
            # What refers to them in environments below, where nobody here can look, must say so now and not at the end.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError:
        raise AssessmentError(_("Somebody in an environment below has answered these questions meanwhile.")) from None


def asking_of(*, assessment: Assessment, question_ids: Iterable[int], bank: Element | None = None) -> Asking:
    """What ``questions_put`` would do. Retired questions stay out."""
    there = set(AssessmentQuestion.objects.filter(assessment=assessment).values_list("question_id", flat=True))
    wanted = Question.objects.filter(
        Among("pk", list(question_ids)),
        environment_id=current_scope().environment_id, retired_at=None, newest__gt=0,
    )  # fmt: skip
    if bank is not None:
        wanted = wanted.filter(element=bank)
    ids = list(wanted.order_by("category", "pk").values_list("pk", flat=True))
    fresh = [pk for pk in ids if pk not in there]
    room = max(MOST_FIXED - len(there), 0)
    return Asking(fresh[:room], len(ids) - len(fresh), max(len(fresh) - room, 0))


@transaction.atomic
def questions_put(
    *,
    assessment: Assessment,
    question_ids: Iterable[int],
    by: Person,
    bank: Element | None = None,
    found: dict[str, str] | None = None,
) -> BulkEdit:
    """Ask these questions too, after those that are asked, as far as there is room (``MOST_FIXED``).

    With ``bank``, from which all of them come, it can be taken back like any change of many questions.
    """
    assessment = (
        Assessment.objects.select_for_update(of=("self",), no_key=True).select_related("element").get(pk=assessment.pk)
    )
    wanted = asking_of(assessment=assessment, question_ids=question_ids, bank=bank).ids
    # Whoever moves or retires some of them at this moment comes first.
    rows = Question.objects.filter(Among("pk", wanted), retired_at=None).select_for_update(no_key=True).order_by("pk")
    locked = set(rows.values_list("pk", flat=True))
    ids = [pk for pk in wanted if pk in locked]
    at, environment_id = clock.now(), current_scope().environment_id
    edit = BulkEdit(environment_id=environment_id, element=bank, person=by, at=at, changed=len(ids))
    if not ids:
        return edit
    last = AssessmentQuestion.objects.filter(assessment=assessment).aggregate(last=Max("position"))["last"] or 0
    with connection.cursor() as cursor:
        cursor.execute(
            ASK_TOO,
            {
                "environment": environment_id, "element": assessment.element_id, "assessment": assessment.pk,
                "questions": ids, "last": last,
            },
        )  # fmt: skip
        made = [row[0] for row in cursor.fetchall()]
    edit.said = {"questions": len(made), "quiz": assessment.element.title, **({"found": found} if found else {})}
    edit.before = {"put": {"rows": made}}
    audit(act="assessment.question_put", by=by, target=assessment.element, after={"questions": len(made)})
    if bank is not None:
        edit_keep(edit=edit)
    return edit


def put_undo(*, edit: BulkEdit) -> set[int]:
    """Ask them no more where they are still asked; returns the ids of the questions. Attempts that have them keep them."""
    rows = AssessmentQuestion.objects.filter(Among("pk", edit.before["put"]["rows"]))
    found = set(rows.values_list("question_id", flat=True))
    rows.delete()
    return found
