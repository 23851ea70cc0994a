"""Banks as authors see them."""

from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from assessments.models import Question, QuestionVersion
from ecosystem.models import Element


@dataclass(frozen=True, slots=True)
class BankRow:
    element: Element
    questions: int


def banks_here() -> list[BankRow]:
    """The banks available here, by title, with the number of questions in use."""
    counts = dict(Question.objects.filter(retired_at=None).values_list("element_id").annotate(n=Count("pk")).order_by())
    banks = Element.objects.filter(kind="question_bank").order_by("title")
    return [BankRow(bank, counts.get(bank.pk, 0)) for bank in banks]


def bank_questions(*, bank: Element, text: str = "") -> QuerySet[Question]:
    """The questions of a bank with ``stem``, ``type`` and ``number`` of their newest version, in the order they
    came; with words, those that hold them."""
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number")
    questions = (
        Question.objects.filter(element=bank, retired_at=None)
        .select_related("objective")
        .annotate(**{name: Subquery(newest.values(name)[:1]) for name in ("stem", "type", "number")})
        .filter(number__isnull=False)
    )
    for word in text.split()[:10]:
        questions = questions.filter(
            Q(name__icontains=word)
            | Q(identifier__icontains=word)
            | Q(stem__icontains=word)
            | Q(category__icontains=word)
        )
    return questions.order_by(F("category"), "pk")
