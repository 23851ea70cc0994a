"""Which elements and connections are on the map."""

from dataclasses import dataclass

from ecosystem.models import Connection
from gardening.selectors.inventory import Item

AT_MOST = 150
# These stand on their own; pages and quizzes are drawn inside their course unless they are connected.
STANDING = frozenset({"course", "job_aid", "external"})


@dataclass(frozen=True)
class Edge:
    """A connection, or (without ``kind``) that the source is a part of the course ``target``."""

    source: int
    target: int
    kind: str = ""
    label: str = ""
    hypothesis: str = ""


@dataclass(frozen=True)
class GardenMap:
    """``hidden`` counts elements that are there but not drawn."""

    items: list[Item]
    edges: list[Edge]
    hidden: int

    @property
    def connections(self) -> int:
        return sum(bool(edge.kind) for edge in self.edges)


def garden_map(items: list[Item], *, everything: bool = False) -> GardenMap:
    """Connected elements, courses, job aids and outside tools; with ``everything`` the rest too, 150 at most."""
    rows = list(Connection.objects.order_by("pk"))
    joined = {pk for row in rows for pk in (row.source_id, row.target_id)}
    first = [item for item in items if item.pk in joined or item.element.kind in STANDING]
    first.sort(key=lambda item: (item.pk not in joined, item.pk))
    shown = first[:AT_MOST]
    if everything:
        chosen = {item.pk for item in shown}
        shown += [item for item in items if item.pk not in chosen][: AT_MOST - len(shown)]
    present = {item.pk for item in shown}
    edges = [
        Edge(row.source_id, row.target_id, row.kind, str(row.get_kind_display()), row.hypothesis)
        for row in rows
        if row.source_id in present and row.target_id in present
    ]
    direct = {frozenset((edge.source, edge.target)) for edge in edges}
    edges += [
        Edge(item.pk, course)
        for item in shown
        for course in item.courses
        if course in present and frozenset((item.pk, course)) not in direct
    ]
    return GardenMap(shown, edges, len(items) - len(shown))
