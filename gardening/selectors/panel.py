"""One element for its panel page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from ecosystem.models import Connection, Element
from ecosystem.selectors import makers_of
from gardening.selectors.inventory import Item, grown, item_called


@dataclass(frozen=True)
class Panel:
    item: Item
    makers: list[str]
    outgoing: list[Connection]
    incoming: list[Connection]
    courses: list[Element]


def panel_of(*, slug: str, now: datetime) -> Panel | None:
    """The element with this slug, our own before one that is offered here; None when there is none."""
    item = item_called(slug=slug, now=now)
    if item is None:
        return None
    rows = list(
        Connection.objects.filter(Q(source=item.pk) | Q(target=item.pk))
        .select_related("source", "target")
        .order_by("kind", "pk")
    )
    courses = grown().in_bulk(item.courses) if item.courses else {}
    return Panel(
        item,
        makers_of(elements=[item.element]).get(item.pk, []),
        [row for row in rows if row.source_id == item.pk],
        [row for row in rows if row.target_id == item.pk],
        [courses[pk] for pk in item.courses if pk in courses],
    )
