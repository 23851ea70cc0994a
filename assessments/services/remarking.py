"""Marking again, because a question or its key was wrong: first what it would do, then for good. Nothing is overwritten."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.exceptions import MarkError
from assessments.models import Answer, Attempt, Mark, Question, QuestionVersion, Step
from assessments.question_types.base import ALL
from assessments.question_types.registry import question_type
from assessments.selectors.questions import MARKED_BY_PEOPLE, newest_versions
from assessments.services.results import result_add, share_of_points
from ecosystem import clock
from ecosystem.models import Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit

KEY, EVERYBODY = "key", "everybody"


@dataclass(frozen=True, slots=True)
class Effect:
    """What marking again changes for one attempt; ``after`` the score it would have."""

    attempt: Attempt
    before: float | None
    after: float
    passed_before: bool | None
    passed_after: bool

    @property
    def before_text(self) -> str:
        return "–" if self.before is None else f"{self.before * 100:.0f}%"

    @property
    def after_text(self) -> str:
        return f"{self.after * 100:.0f}%"


@dataclass(slots=True)
class Effects:
    """``unlike``: answers to a version that asked something else, so that its key says nothing of them."""

    answers: int = 0
    unlike: int = 0
    changed: list[Effect] = field(default_factory=list)

    @property
    def now_pass(self) -> int:
        return sum(one.passed_after and not one.passed_before for one in self.changed)

    @property
    def no_longer_pass(self) -> int:
        return sum(bool(one.passed_before) and not one.passed_after for one in self.changed)


def remark_preview(*, question: Question, way: str) -> Effects:
    """What ``remark_apply`` would do now. ``way``: ``key`` is that of the newest version, ``everybody`` gives all points."""
    fractions, effects = _new_fractions(_answers(question), question, way)
    for attempt, answers in _by_attempt(fractions).items():
        after = share_of_points(answers=answers)
        passed = after >= round(Decimal(str(attempt.assessment.pass_mark)), 4)
        effects.changed.append(Effect(attempt, attempt.score, float(after), attempt.passed, passed))
    return effects


@transaction.atomic
def remark_apply(*, question: Question, way: str, because: str, by: Person) -> Effects:
    """Mark every answer of finished attempts again, and let scores follow. Marks and results are added, none is changed.

    Refuses (MarkError) without a reason. Running it twice changes nothing the second time.
    """
    if not because.strip():
        raise MarkError(_("Say why, for who looks at these marks later."))
    held = Attempt.objects.filter(answers__version__question=question, finished_at__isnull=False)
    pks = sorted(held.values_list("pk", flat=True).distinct())
    list(Attempt.objects.filter(pk__in=pks).select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    effects = remark_preview(question=question, way=way)
    fractions, _effects = _new_fractions(_answers(question), question, way)
    _keep(fractions, by, because)
    for attempt, answers in _by_attempt(fractions).items():
        result_add(attempt=attempt, answers=answers, because=because, by=by)
    audit(
        act="answers.marked_again",
        by=by,
        target=question,
        after={"way": way, "because": because, "answers": len(fractions), "attempts": len(effects.changed)},
    )
    return effects


def _answers(question: Question) -> QuerySet[Answer]:
    """In finished attempts of this environment."""
    rows = Answer.objects.filter(
        environment_id=current_scope().environment_id,
        version__question=question,
        attempt__finished_at__isnull=False,
    )
    return rows.select_related("version").order_by("attempt_id")


def _new_fractions(rows: QuerySet[Answer], question: Question, way: str) -> tuple[dict[int, Decimal], Effects]:
    """The fractions that would change, by answer id."""
    newest = newest_versions(question_ids=[question.pk])[question.pk]
    alike = {newest.pk: True}
    effects, found = Effects(), {}
    for answer in rows:
        effects.answers += 1
        if way == EVERYBODY:
            new: Decimal | None = ALL
        else:
            version = answer.version
            if version.pk not in alike:
                alike[version.pk] = _asks_the_same(version, newest)
            if not alike[version.pk]:
                effects.unlike += 1
                continue
            new = question_type(newest.type).score(newest.body, answer.response).fraction
            if newest.type in MARKED_BY_PEOPLE:
                continue
        if new is not None and new != answer.fraction:
            found[answer.pk] = new
    return found, effects


def _asks_the_same(one: QuestionVersion, other: QuestionVersion) -> bool:
    """Whether an answer to one means the same for the other: of one type, with the same options in the same places."""
    if one.type != other.type:
        return False
    kind = question_type(one.type)
    return kind.public(one.body, None) == kind.public(other.body, None)


def _by_attempt(fractions: dict[int, Decimal]) -> dict[Attempt, list[Answer]]:
    """All answers of the attempts that change, with what they would be worth."""
    attempts = (
        Attempt.objects.filter(answers__pk__in=list(fractions)).distinct().select_related("assessment", "element")
    )
    known = {attempt.pk: attempt for attempt in attempts.select_related("person").order_by("pk")}
    rows: dict[Attempt, list[Answer]] = defaultdict(list)
    for answer in Answer.objects.filter(attempt_id__in=list(known)).select_related("version"):
        answer.fraction = fractions.get(answer.pk, answer.fraction)
        rows[known[answer.attempt_id]].append(answer)
    return rows


def _keep(fractions: dict[int, Decimal], by: Person, because: str) -> None:
    answers = list(Answer.objects.filter(pk__in=list(fractions)).only("pk", "environment_id", "person_id", "fraction"))
    now = clock.now()
    Mark.objects.bulk_create(
        [
            Mark(
                environment_id=answer.environment_id,
                answer=answer,
                person_id=answer.person_id,
                step=Step.AGAIN,
                by=by,
                fraction=fractions[answer.pk],
                before=answer.fraction,
                comment=because.strip(),
                at=now,
            )
            for answer in answers
        ],
        batch_size=2000,
    )
    for answer in answers:
        answer.fraction = fractions[answer.pk]
    Answer.objects.bulk_update(answers, ["fraction"], batch_size=2000)
