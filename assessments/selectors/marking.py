"""What waits for a marker, narrowed to the people whose work somebody marks."""

from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Answer, Attempt, Mark, QuestionVersion, Rubric, Step
from assessments.selectors.questions import MARKED_BY_PEOPLE
from ecosystem.addresses import address
from ecosystem.markup import plain_text
from ecosystem.models import Membership, Power
from ecosystem.registry import Todo
from ecosystem.rules import may_somewhere
from ecosystem.scope import current_scope
from ecosystem.spans import span_of


@dataclass(frozen=True, slots=True)
class QuestionWaiting:
    """A question with how many answers wait. ``oldest`` is the day of the first."""

    question_id: int
    text: str
    quiz: str
    answers: int
    oldest: object

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [("clipboard-check", self.quiz)]


@dataclass(frozen=True, slots=True)
class LearnerWaiting:
    attempt: Attempt
    who: str
    answers: int

    @property
    def facts(self) -> list[tuple[str, str]]:
        return [("clipboard-check", self.attempt.element.title)]


def answers_to_mark(membership: Membership) -> QuerySet[Answer]:
    """Answers in finished attempts that wait for this person: not their own, and not those to which they gave the first mark."""
    mine = Mark.objects.filter(answer=OuterRef("pk"), by=membership.person_id, step=Step.FIRST)
    settled = Mark.objects.filter(answer=OuterRef("pk"), step=Step.SECOND)
    waiting = Answer.objects.filter(
        span_of(membership, Power.MARK).of_work(element="attempt__element_id"),
        environment_id=current_scope().environment_id,
        attempt__finished_at__isnull=False,
        attempt__waiting__gt=0,
        version__type__in=MARKED_BY_PEOPLE,
        fraction=None,
        response__isnull=False,
    )
    return waiting.exclude(person_id=membership.person_id).exclude(Exists(mine) & ~Exists(settled))


def questions_waiting(membership: Membership) -> list[QuestionWaiting]:
    """By question, the longest waiting first; two queries."""
    rows = list(
        answers_to_mark(membership)
        .order_by()
        .values("version__question_id", "attempt__element__title")
        .annotate(n=Count("pk"), oldest=Min("attempt__finished_at"))
        .order_by("oldest")
    )
    ids = {row["version__question_id"] for row in rows}
    newest = (
        QuestionVersion.objects.filter(question_id__in=ids).order_by("question_id", "-number").distinct("question_id")
    )
    texts = {version.question_id: plain_text(version.stem) for version in newest}
    return [
        QuestionWaiting(
            question_id=row["version__question_id"],
            text=texts.get(row["version__question_id"], ""),
            quiz=row["attempt__element__title"],
            answers=row["n"],
            oldest=row["oldest"],
        )
        for row in rows
    ]


def learners_waiting(membership: Membership) -> list[LearnerWaiting]:
    """By learner, the longest waiting first; two queries."""
    counts = dict(answers_to_mark(membership).order_by().values_list("attempt_id").annotate(n=Count("pk")))
    attempts = Attempt.objects.filter(pk__in=list(counts)).select_related("element", "assessment", "person")
    return [
        LearnerWaiting(attempt, name_shown(attempt), counts[attempt.pk]) for attempt in attempts.order_by("finished_at")
    ]


def name_shown(attempt: Attempt) -> str:
    """The learner's name, or a number that says nothing where markers see no names."""
    return f"#{attempt.uid.hex[:6].upper()}" if attempt.assessment.anonymous_marking else attempt.person.name


def answers_with_all(rows: QuerySet[Answer]) -> QuerySet[Answer]:
    """With what the pages of markers show."""
    return rows.select_related(
        "version__question", "attempt__assessment", "attempt__element", "attempt__person"
    ).order_by("attempt__finished_at", "position")


def answer_for_marker(*, membership: Membership, pk: int) -> Answer:
    """Any answer in a finished attempt whose work the person marks, waiting or not; Answer.DoesNotExist for another."""
    rows = Answer.objects.filter(
        span_of(membership, Power.MARK).of_work(element="attempt__element_id"),
        environment_id=current_scope().environment_id,
        attempt__finished_at__isnull=False,
    )
    return answers_with_all(rows).get(pk=pk)


def marks_of(answer: Answer, membership: Membership) -> list[Mark]:
    """Marks so far, oldest first; while a second marker is still to come, the first one's only for the first marker."""
    marks = list(answer.marks.select_related("by").order_by("pk"))
    both = any(mark.step == Step.SECOND for mark in marks) or answer.fraction is not None
    return [mark for mark in marks if both or mark.by_id == membership.person_id]


def rubric_of(question_id: int) -> list[dict]:
    rubric = Rubric.objects.filter(question_id=question_id).first()
    return rubric.criteria if rubric else []


may_mark = may_somewhere(Power.MARK)


def marking_todos(membership: Membership) -> list[Todo]:
    """One thing to do on the home page, however many answers wait."""
    count = answers_to_mark(membership).count() if may_mark(membership) else 0
    if not count:
        return []
    title = ngettext("%(n)s answer to mark", "%(n)s answers to mark", count) % {"n": count}
    href = address("assessments:marking")
    return [
        Todo(
            rank=20,
            kind=_("Marking"),
            icon="pen-line",
            title=title,
            href=href,
            action=_("Mark"),
            why=_("Somebody waits for their score."),
        )
    ]
