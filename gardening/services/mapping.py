"""Places on the map: made once, then kept, because a map that moves cannot be learned."""

from django.db.models import QuerySet

from ecosystem.prepared import Among, Given, prepared
from ecosystem.scope import current_scope
from gardening.layout import Node, layout
from gardening.models import Placement
from gardening.selectors import GardenMap, Item

LARGEST, SMALLEST = 34, 17


def node_of(item: Item, *, place: tuple[float, float] | None = None) -> Node:
    """Bigger means more people; courses are never small."""
    by_people = SMALLEST + min(item.facts.people, 30) // 2
    return Node(
        item.pk, item.element.title, min(LARGEST, max(by_people, 26 if item.element.kind == "course" else 0)), place
    )


@prepared
def _placed(*, elements: Given) -> QuerySet[Placement, tuple[int, float, float]]:
    return Placement.objects.filter(Among("element_id", elements)).values_list("element_id", "x", "y")


def map_layout(*, garden: GardenMap) -> list[Node]:
    """The nodes of a map with their places. Places that exist stay; new ones are saved.

    Two people who open a new map at once compute the same places, so the second save changes nothing.
    """
    environment_id = current_scope().environment_id
    known = {pk: (x, y) for pk, x, y in _placed(elements=[item.pk for item in garden.items])}
    nodes = [node_of(item, place=known.get(item.pk)) for item in garden.items]
    missing = [node.key for node in nodes if node.place is None]
    if not missing:
        return nodes
    places = layout(nodes, [(edge.source, edge.target) for edge in garden.edges])
    Placement.objects.bulk_create(
        [Placement(environment_id=environment_id, element_id=pk, x=places[pk][0], y=places[pk][1]) for pk in missing],
        ignore_conflicts=True,
    )
    return [Node(node.key, node.label, node.radius, places[node.key]) for node in nodes]
