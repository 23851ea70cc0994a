"""What is said about anything that an author made."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.exceptions import ContentError
from ecosystem.models import Element, Person
from ecosystem.scope import current_scope
from ecosystem.services.audit import audit
from ecosystem.services.elements import element_update


@transaction.atomic
def facts_change(*, element: Element, by: Person, **facts: Any) -> Element:
    """Change facts of an own element, written down when there is a difference. Refuses one from above."""
    if element.environment_id != current_scope().environment_id:
        raise ContentError(_("It comes from the environment above and is changed there."))
    before = {name: getattr(element, name) for name in facts}
    if all(before[name] == value for name, value in facts.items()):
        return element
    changed = element_update(element=element, **facts)
    audit(act="content.changed", by=by, target=changed, before=before, after=facts)
    return changed
