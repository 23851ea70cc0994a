"""Which questions an attempt asks: the fixed ones as they are now, and those drawn for it alone."""

import random
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from assessments.exceptions import AssessmentError
from assessments.models import Answer, Assessment, AssessmentQuestion, Attempt, Draw, Question, QuestionVersion
from assessments.selectors.questions import newest_versions
from ecosystem.prepared import Given, prepared

_RANDOM = random.SystemRandom()
# How many earlier attempts say which questions have been shown often.
WINDOW = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A version to ask, and the heading of the section it stands in."""

    version: QuestionVersion
    section: str


def questions_draw(*, assessment: Assessment, person_id: int | None) -> list[Asked]:
    """What a new attempt of the person asks, in order; sections stay together. ``person_id`` None: for a preview.

    Drawn questions are those that the person has seen least, then those shown least in the last 50 attempts (where
    exposure is to be even), then by lot. Nobody gets a question twice in one attempt. Refuses (AssessmentError) when a
    draw finds fewer questions than it needs.
    """
    places = _places(assessment)
    taken = {place.question_id for place in places if isinstance(place, AssessmentQuestion)}
    chosen: list[tuple[str, list[int]]] = []
    for place in places:
        title = place.section.title if place.section else ""
        if isinstance(place, Draw):
            found = _drawn(place, assessment, person_id, taken)
            taken |= set(found)
            chosen.append((title, found))
        else:
            chosen.append((title, [place.question_id]))
    return _in_order(assessment, chosen)


def _places(assessment: Assessment) -> list[AssessmentQuestion | Draw]:
    """By section, the fixed questions before the draws, as the page of its authors shows them; what stands in no section comes first."""
    places: list[AssessmentQuestion | Draw] = [*_fixed(assessment=assessment.pk), *_draws(assessment=assessment.pk)]
    return sorted(
        places,
        key=lambda place: (place.section.position if place.section else 0, isinstance(place, Draw), place.position),
    )


@prepared
def _fixed(*, assessment: Given) -> QuerySet[AssessmentQuestion]:
    rows = AssessmentQuestion.objects.filter(assessment_id=assessment, question__retired_at=None)
    return rows.select_related("section")


@prepared
def _draws(*, assessment: Given) -> QuerySet[Draw]:
    return Draw.objects.filter(assessment_id=assessment).select_related("section")


def _in_order(assessment: Assessment, chosen: list[tuple[str, list[int]]]) -> list[Asked]:
    newest = newest_versions(question_ids=[pk for _title, ids in chosen for pk in ids])
    sections: dict[str, list[Asked]] = defaultdict(list)
    for title, ids in chosen:
        sections[title] += [Asked(newest[pk], title) for pk in ids if pk in newest]
    if assessment.shuffle_questions:
        for asked in sections.values():
            _RANDOM.shuffle(asked)
    return [one for asked in sections.values() for one in asked]


def candidates_of(*, draw: Draw) -> QuerySet[Question]:
    """The questions a draw may take."""
    rows = Question.objects.filter(element_id=draw.bank_id, retired_at=None)
    if draw.category:
        rows = rows.filter(category__startswith=draw.category)
    if draw.objective_id:
        rows = rows.filter(objective_id=draw.objective_id)
    if draw.tag:
        rows = rows.filter(tags__contains=[draw.tag])
    if draw.easiest is not None:
        rows = rows.filter(difficulty__gte=draw.easiest)
    if draw.hardest is not None:
        rows = rows.filter(difficulty__lte=draw.hardest)
    return rows


def _drawn(draw: Draw, assessment: Assessment, person_id: int | None, taken: set[int]) -> list[int]:
    """The ids of the questions, in the order of the lot."""
    ids = [pk for pk in candidates_of(draw=draw).values_list("pk", flat=True) if pk not in taken]
    if len(ids) < draw.count:
        raise AssessmentError(
            _("This assessment cannot be started: it draws %(wanted)s questions, and there are %(there)s to draw from.")
            % {"wanted": draw.count, "there": len(ids)}
        )
    seen: dict[int, int] = {}
    if person_id is not None:
        seen = _times_asked(Attempt.objects.filter(person_id=person_id, element_id=assessment.element_id))
    often: dict[int, int] = {}
    if assessment.even_exposure:
        often = _times_asked(Attempt.objects.filter(element_id=assessment.element_id).order_by("-pk")[:WINDOW])
    return _chosen(ids, draw.count, seen, often)


def _chosen(ids: list[int], count: int, seen: dict[int, int], often: dict[int, int]) -> list[int]:
    """By lot among those nobody has met lately, while there are enough; then from the least met on."""
    fresh = [pk for pk in ids if pk not in seen and pk not in often]
    if len(fresh) >= count:
        return _RANDOM.sample(fresh, count)
    rest = [pk for pk in ids if pk in seen or pk in often]
    _RANDOM.shuffle(rest)
    rest.sort(key=lambda pk: (seen.get(pk, 0), often.get(pk, 0)))  # stable: equals stay as the lot put them
    found = fresh + rest[: count - len(fresh)]
    _RANDOM.shuffle(found)
    return found


def _times_asked(attempts: QuerySet[Attempt]) -> dict[int, int]:
    """How often each question was asked in these attempts."""
    pks = list(attempts.values_list("pk", flat=True))
    times: dict[int, int] = defaultdict(int)
    if pks:
        rows = Answer.objects.filter(attempt_id__in=pks).annotate(question=F("version__question_id")).order_by()
        for question_id in rows.values_list("question", flat=True):
            times[question_id] += 1
    return times


def order_shuffled(*, places: int) -> list[int] | None:
    """A random order of so many choices; None for none."""
    order = list(range(places))
    _RANDOM.shuffle(order)
    return order or None
