"""Which elements and connections are on the map."""

from dataclasses import dataclass

from django.db.models import QuerySet

from ecosystem.models import Connection, ConnectionKind
from ecosystem.prepared import prepared
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
    rows = _connections()
    joined = {pk for source, target, _kind, _hypothesis in rows for pk in (source, target)}
    first = [item for item in items if item.pk in joined or item.element.kind in STANDING]
    first.sort(key=lambda item: (item.pk not in joined, item.pk))
    shown = first[:AT_MOST]
    if everything:
        chosen = {item.pk for item in shown}
        shown += [item for item in items if item.pk not in chosen][: AT_MOST - len(shown)]
    present = {item.pk for item in shown}
    labels = {str(kind): str(label) for kind, label in ConnectionKind.choices}
    edges = [
        Edge(source, target, kind, labels.get(kind, kind), hypothesis)
        for source, target, kind, hypothesis in rows
        if source in present and target in present
    ]
    direct = {frozenset((edge.source, edge.target)) for edge in edges}
    edges += [
        Edge(item.pk, course)
        for item in shown
        for course in item.courses
        if course in present and frozenset((item.pk, course)) not in direct
    ]
    return GardenMap(shown, edges, len(items) - len(shown))


@prepared
def _connections() -> QuerySet[Connection, tuple[int, int, str, str]]:
    return Connection.objects.order_by("pk").values_list("source_id", "target_id", "kind", "hypothesis")
