"""Opening something and being done with it: said once, whatever its kind."""

from django.db import transaction

from ecosystem.models import Element
from ecosystem.scope import current_scope
from records.models import Fact
from records.services import record


@transaction.atomic
def page_open(*, element: Element) -> None:
    """Note the first opening by the person of the scope; later ones are not news."""
    _once("launched", element, {})


@transaction.atomic
def page_finish(*, element: Element) -> None:
    """The person says they are done with it; saying it twice is once."""
    _once("completed", element, {"completion": True})


def _once(verb: str, element: Element, result: dict[str, bool]) -> None:
    person_id = current_scope().person_id
    if not Fact.objects.filter(person_id=person_id, element=element, verb=verb).exists():
        record(verb=verb, element=element, result=result)
