"""Pages: making them, and finishing them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from content.models import Page
from ecosystem.markup import markdown_to_html
from ecosystem.models import Element, Person
from ecosystem.scope import current_scope
from ecosystem.search import index_element
from ecosystem.services.elements import element_create
from records.models import Fact
from records.services import record


@transaction.atomic
def page_create(
    *, title: str, markdown: str, creators: Iterable[Person | str], kind: str = "page", **facts: Any
) -> Page:
    """A new page (or job aid) in the open environment."""
    element = element_create(kind=kind, title=title, creators=creators, **facts)
    index_element(element=element, body=markdown)
    return Page.objects.create(
        environment_id=current_scope().environment_id,
        element=element,
        markdown=markdown,
        html=markdown_to_html(markdown),
    )


@transaction.atomic
def page_open(*, element: Element) -> None:
    """Note the first opening by the person of the scope; later ones are not news."""
    person_id = current_scope().person_id
    if not Fact.objects.filter(person_id=person_id, element=element, verb="launched").exists():
        record(verb="launched", element=element)


@transaction.atomic
def page_finish(*, element: Element) -> None:
    """The person says they are done with it; saying it twice is once."""
    person_id = current_scope().person_id
    if not Fact.objects.filter(person_id=person_id, element=element, verb="completed").exists():
        record(verb="completed", element=element, result={"completion": True})
