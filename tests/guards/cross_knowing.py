"""What need not be asked, because what was read for another request says how it would be answered.

A page answers by what it was sent, who asks, and what the database and the cache tell. Whatever rests on less than that, on a
value that was made into another before it was looked up or on what only some process remembers, is asked.
"""

from __future__ import annotations

from typing import Any

from ecosystem.admin_site import ScopedAdmin
from tests.guards.cross_answers import Answer, pairs_of
from tests.guards.cross_asking import Asked, Asker
from tests.guards.cross_looking import BODY
from tests.guards.cross_routes import Route

# Parameters, by name or by converter, that are looked up as they are.
IDS = frozenset({"pk", "uid", "object_id", "int", "slug", "uuid"})


def looked_up_as_they_are(route: Route, names: set[str]) -> bool:
    return all(name in IDS or converter in IDS for name, converter in route.parameters if name in names)


class Knower(Asker):
    """Asks, and knows some answers without."""

    def noted(self, *asked: Any, **body: Any) -> Answer:
        answer = super().noted(*asked, **body)
        if not body and asked[-1] is self.attacker:
            self.standing |= answer.read | answer.keys
        return answer

    def reads_as_of_nobody(self, route: Route, real: Answer, values: dict[str, Any], absent: dict[str, Any]) -> bool:
        """Nobody was let in, and each statement tells of the victim's id what it tells of one that nobody has.

        So would the request, which need not be asked: its view looked at nothing else, and did nothing. A secret is read
        before the database is asked, and so is a body: those are asked, or see ``tells_as_of_nobody``.
        """
        if real.is_way_in or real.written or real.looked_at is None or BODY in real.looked_at:
            return False
        names = {name for name in values if values[name] != absent[name]}
        if not looked_up_as_they_are(route, names):
            return False
        return self.reads.tell_the_same(real.read, {str(values[name]): str(absent[name]) for name in names})

    def note_known(self, route: Route, role: str, real: Answer, values: dict[str, Any], others: dict[str, Any]) -> None:
        """A look at the others, known from one that ``reads_as_of_nobody``: asked as soon as with one layer off a statement
        that it would have made gives other rows."""
        names = {name for name in values if values[name] != others[name]}
        read = self.reads.of_others(real.read, {str(values[name]): str(others[name]) for name in names})
        path = route.path(others)
        self.asked.append(
            Asked(route, "GET", path, role, {}, [path, others], read, written=False, writes_filtered=False)
        )

    def tells_as_of_nobody(self, real: Answer, theirs: Any, nobodys: Any) -> bool:
        """Each statement is one that the role's own pages make too, or names what was sent and tells the same of nobody's.

        Then so would the request with nobody's, if nothing was written. A statement that is neither was perhaps made out of
        what was sent, as a hash is; a key of the cache likewise. Those are asked.
        """
        others = pairs_of(theirs, nobodys)
        if real.written or real.looked_at is None or others is None or not real.keys <= self.standing:
            return False
        return self.reads.tell_the_same(real.read - self.standing, others, by_name=True)

    def refused_at_the_door(self, route: Route, own: dict[str, Any], answer: Answer, names: set[str]) -> bool:
        """Refused on one's own row before that was looked for: any other row is refused likewise."""
        if answer.is_way_in or answer.written or answer.looked_at is None or BODY in answer.looked_at:
            return False
        return looked_up_as_they_are(route, names) and not self.reads.name(
            answer.read, {str(own[name]) for name in names}
        )

    def reads_alike(self, one: Answer, other: Answer) -> bool:
        """Whether both were let in by the same statements, whatever their values."""
        both = one.is_way_in and other.is_way_in and one.status == other.status
        return both and self.reads.texts(one.read) == self.reads.texts(other.read)


def deletes_what_nobody_deletes(route: Route) -> bool:
    """A page of the admin that is closed, whichever row it is asked about."""
    view = type(getattr(route.callback, "model_admin", None))
    return (
        route.template.endswith("/delete/")
        and getattr(view, "has_delete_permission", None) is ScopedAdmin.has_delete_permission
    )


def is_about_rows_of_services(route: Route) -> bool:
    """A form of the admin for rows that services make: it may be closed to everybody (test_cross_tenant looks)."""
    return route.template.startswith("admin/") and route.template.endswith(("/add/", "/delete/"))
