"""Which bank a page is about, and whether its questions may be changed here."""

from django.http import Http404, HttpRequest

from assessments.models import Question
from ecosystem.models import Element, Person
from ecosystem.slugs import row_of_slug


def bank_of(slug: str) -> Element:
    """The bank with this address that is available here, or 404."""
    return row_of_slug(Element.objects.filter(kind="question_bank"), slug)


def own_bank(request: HttpRequest, slug: str) -> Element:
    """A bank of this environment, or 404: those from above are changed where they were made."""
    bank = bank_of(slug)
    if not is_ours(request, bank):
        raise Http404
    return bank


def question_of(bank: Element, pk: int) -> Question:
    found = Question.objects.filter(element=bank, pk=pk, newest__gt=0).select_related("objective", "source").first()
    if found is None:
        raise Http404
    return found


def is_ours(request: HttpRequest, element: Element) -> bool:
    return element.environment_id == request.environment.pk  # type: ignore[attr-defined]


def actor(request: HttpRequest) -> Person:
    person: Person = request.membership.person  # type: ignore[attr-defined]
    return person
