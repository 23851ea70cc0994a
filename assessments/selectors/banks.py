"""Banks as authors see them: found by words, types, tags, objectives, difficulty, makers and days of review."""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, CharField, Count, Func, Max, Q, QuerySet, Value, When

from assessments.models import Answer, AssessmentQuestion, Objective, Question, QuestionVersion
from ecosystem.models import Element
from ecosystem.prepared import Among
from ecosystem.scope import current_scope

TAG = CharField()
TAGS = ArrayField(CharField(max_length=100))


@dataclass(frozen=True, slots=True)
class BankRow:
    element: Element
    questions: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Which questions of a bank; what is empty does not limit. ``author`` is the name of a maker."""

    text: str = ""
    type: str = ""
    tag: str = ""
    objective: int | None = None
    difficulty: int | None = None
    author: str = ""
    review_by: date | None = None
    retired: bool = False

    @property
    def is_narrow(self) -> bool:
        return self != Wish(retired=self.retired)


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to choose from in one bank."""

    types: list[str]
    tags: list[str]
    authors: list[str]
    objectives: list[Objective]


@dataclass(frozen=True, slots=True)
class Affected:
    """Who notices that a question changes. ``answered`` are answers of finished attempts here, ``open`` are attempts
    that go on with the version they began with, ``people`` those who answered it."""

    quizzes: list[Element]
    answered: int
    open: int
    people: int

    @property
    def is_nobody(self) -> bool:
        return not (self.quizzes or self.answered or self.open)


def banks_to_move_to(*, bank: Element) -> list[Element]:
    """The other banks of this environment, by title."""
    here = Element.objects.filter(kind="question_bank", environment_id=current_scope().environment_id)
    return list(here.exclude(pk=bank.pk).order_by("title"))


def banks_here() -> list[BankRow]:
    """The banks available here, by title, with the number of questions in use."""
    counts = dict(Question.objects.filter(retired_at=None).values_list("element_id").annotate(n=Count("pk")).order_by())
    banks = Element.objects.filter(kind="question_bank").order_by("title")
    return [BankRow(bank, counts.get(bank.pk, 0)) for bank in banks]


def bank_questions(*, bank: Element, wish: Wish | None = None) -> QuerySet[Question]:
    """The questions of a bank in the order they came, those in use or, when wished, the retired ones."""
    wish = wish or Wish()
    questions = Question.objects.filter(element=bank, newest__gt=0, retired_at__isnull=not wish.retired)
    for word in wish.text.split()[:10]:
        questions = questions.filter(
            Q(name__icontains=word)
            | Q(identifier__icontains=word)
            | Q(text__icontains=word)
            | Q(category__icontains=word)
        )
    exact = {
        "type": wish.type,
        "tags__contains": [wish.tag] if wish.tag else None,
        "objective_id": wish.objective,
        "difficulty": wish.difficulty,
        "review_on__lte": wish.review_by,
    }
    questions = questions.filter(**{name: value for name, value in exact.items() if value})
    if wish.author:
        # Asked for first: after a large import PostgreSQL knows nothing of the new rows yet, and as a subquery it then looked
        # for each question through all versions, for minutes.
        made = QuestionVersion.objects.filter(element=bank, author_name=wish.author)
        questions = questions.filter(Among("pk", list(made.values_list("question_id", flat=True).order_by())))
    return questions.order_by("category", "pk")


def bank_facets(*, bank: Element) -> Facets:
    """What the questions of a bank can be narrowed by; three queries, of which each reads the bank once."""
    # A row for each tag, and one for a question without any.
    tag = Func(
        Case(When(tags=[], then=Value([""], output_field=TAGS)), default="tags"), function="unnest", output_field=TAG
    )
    found = Question.objects.filter(element=bank).order_by().annotate(one=tag).values_list("type", "one").distinct()
    pairs = list(found)
    makers = QuestionVersion.objects.filter(element=bank).exclude(author_name="")
    return Facets(
        types=sorted({kind for kind, _tag in pairs}),
        tags=sorted({one for _kind, one in pairs if one}, key=str.casefold)[:500],
        authors=sorted(makers.order_by().values_list("author_name", flat=True).distinct())[:500],
        objectives=list(Objective.objects.filter(element=bank).order_by("text")),
    )


def objectives_of(*, bank: Element) -> QuerySet[Objective]:
    """The learning objectives of a bank by their words, each with how many questions in use ask for it (``asked``)."""
    asked = Count("questions", filter=Q(questions__retired_at=None))
    return Objective.objects.filter(element=bank).annotate(asked=asked).order_by("text")


def makers_of_question(*, question: Question) -> list[str]:
    """Who wrote it, the first first; the names as they were."""
    rows = QuestionVersion.objects.filter(question=question).exclude(author_name="")
    names = rows.values("author_name").annotate(last=Max("number")).order_by("last")
    return [row["author_name"] for row in names]


def affected_by(*, question: Question) -> Affected:
    """Who is affected when this question changes, as far as this environment can see; three queries."""
    answers = Answer.objects.filter(
        environment_id=current_scope().environment_id, version__question=question, response__isnull=False
    )
    done = answers.filter(attempt__finished_at__isnull=False)
    counts = done.aggregate(answers=Count("pk"), people=Count("person_id", distinct=True))
    asked = AssessmentQuestion.objects.filter(question=question).values("element_id")
    return Affected(
        quizzes=list(Element.objects.filter(pk__in=asked).order_by("title")),
        answered=counts["answers"],
        open=Answer.objects.filter(version__question=question, attempt__finished_at=None).count(),
        people=counts["people"],
    )
