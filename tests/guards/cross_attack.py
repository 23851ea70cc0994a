"""Send every request an attacker could, and look at everything that comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.guards.cross_alike import is_of_model
from tests.guards.cross_answers import Answer
from tests.guards.cross_asking import Asked
from tests.guards.cross_bodies import form_of, json_of, one_foreign_field, queries_of, valid_of
from tests.guards.cross_controls import NOTHING, OWN_IN_BOTH, Controls
from tests.guards.cross_looking import ANY_QUERY
from tests.guards.cross_report import Report
from tests.guards.cross_routes import NEUTRAL, Route
from tests.guards.scene import Scene
from tests.guards.twins import SHARED, Twin

# One look is enough: pages that read no row of a tenant, and the PDF of a page that is attacked in full.
WITHOUT_ROWS = frozenset(
    {
        "ui/",
        "healthz",
        "readyz",
        "api/schema/",
        "api/docs/",
        ".well-known/oauth-authorization-server",
        "admin/jsi18n/",
        "reports/ecosystem.pdf",
        "me/transcript.pdf",
    }
)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# With one layer off, what writes is asked again by those who may do the most: what they cannot reach, nobody can.
MAY_MOST = frozenset({"admin", "token"})


class Attack(Controls):
    """All requests of all roles (or of those that ``only`` says for the template of a route) against one scene."""

    def __init__(
        self, scene: Scene, routes: list[Route], *, only: Callable[[str], frozenset[str]] | None = None
    ) -> None:
        super().__init__(scene)
        self.routes, self.only = routes, only
        self.report = Report(routes={route.template for route in routes})
        self.as_it_is: dict[int, str] = {}  # what the statements of the requests gave
        self.absent_answers: dict[tuple[Any, ...], Answer] = {}
        self.asked_of_class: set[tuple[Any, str]] = set()  # methods that a class of REST does not write itself

    def run(self) -> Report:
        self.look_at_nothing(self.roles(NOTHING))
        for route in self.routes:
            start, before = time.monotonic(), sum(self.report.counts.values())
            self.forget()
            self.find_ways_in(route)
            for role in self.roles(route):
                self._attack(route, role)
            if route.template not in WITHOUT_ROWS and self.takes(route, "GET"):
                self._wrong_host(route)
            self.report.cost[route.template] = (time.monotonic() - start, sum(self.report.counts.values()) - before)
        self.as_it_is = self.reads.as_it_is()
        return self.report

    def again(self, *, filtered: bool = True) -> Report:
        """With one layer off: what reads other rows now is asked again, and so is what writes.

        All else is known from ``run``, which read the same down to the last statement. With ``filtered`` off, the filter of
        the managers is off. Nothing is asked again with ids that nobody has: no row may come out or change, and whether
        answers tell that a row is there is asked of the site as it is.
        """
        self.report = Report(routes=self.report.routes)
        self.memory.forget()
        now = self.reads.rows(filtered=filtered)
        self.report.read_again = len(now)
        other = {number for number, given in now.items() if self.as_it_is[number] != given}
        here = None
        for one in self.asked:
            if one.route.template in WITHOUT_ROWS or not self._may_differ(one, other, filtered=filtered):
                continue
            if here is not one.route:
                here = one.route
                self.forget()
                if here.template in self.keeping and self.takes(here, "GET"):  # what its owner's look has kept
                    first = (self.ways_in[here.template] or self.filler.real(here, self.victim))[0]
                    self.ask(here, "GET", here.path(first), "token" if here.is_api else "admin", self.victim)
            answer = self.ask(here, one.verb, one.path, one.role, self.attacker, **one.body)
            self.inspect(here, one.role, one.verb, answer, sent=one.sent)
        return self.report

    @staticmethod
    def _may_differ(one: Asked, other: set[int], *, filtered: bool) -> bool:
        """Over REST the administrator's token stands for their session too. What writes without the filter writes the same
        without it."""
        may_most = one.role in MAY_MOST and not (one.route.is_api and one.role == "admin")
        writes = one.written if filtered else one.writes_filtered
        return (writes and may_most) or not one.read.isdisjoint(other)

    # --- who asks ------------------------------------------------------------------------------------------------
    def roles(self, route: Route) -> list[str]:
        """Who is worth sending: all where roles see different rows, fewer where the door is the same for them.

        First whoever is tried in full: a page that refuses them a method refuses it to everybody. What a visitor got out
        of rows in the admin, a learner would get too, who is no more let in.
        """
        if getattr(route.callback, "model_admin", None) is not None:
            roles = ["admin", "learner"]
        elif route.template in WITHOUT_ROWS or route.template.startswith(("admin/", "accounts/")):
            roles = ["admin", "learner", "visitor"]
        else:
            # Over REST an administrator's session may what their token may; sessions are tried as those of others are.
            roles = [
                *(["token"] if route.is_api else []),
                *([] if route.template in self.open_to_token else ["admin"]),
                "both",
                "gardener",
                "learner",
                "visitor",
                "stranger",
            ]
        return [role for role in roles if self.only is None or role in self.only(route.template)]

    # --- attacks -------------------------------------------------------------------------------------------------
    def _attack(self, route: Route, role: str) -> None:
        """All verbs for those who get in with rows of their own; one look and one try for those who never do."""
        if role == "gardener" and (not self._may(route, role) or self._does_as_both(route, role)):
            return  # as "both", who has the same role here, and is tried
        best = self.ways_in[route.template] or self.filler.real(route, self.victim)[:1]
        # Over REST an administrator's session may what their token may, which is tried in full.
        first, in_full = best[0], role == ("token" if route.is_api else "admin")
        others = [values for values in self.filler.real(route, self.victim) if values not in best and in_full]
        is_member = role not in {"visitor", "stranger"}
        if role == "stranger" and self._is_as_of_visitor(route, first):
            return
        if is_member and self.takes(route, "GET"):
            self._look(route, role, "GET", self._own(route, role)[0])
        if self.takes(route, "GET") and (in_full or not is_member or not self._is_refused_before(route, role)):
            answer = self._compare(route, role, "GET", first)
            for values in [*best[1:], *others[:2]]:
                if self.reads_as_of_nobody(route, answer, first, values):  # of this row it would be told the same
                    self.note_known(route, role, answer, first, values)
                else:
                    self._compare(route, role, "GET", values)
        if route.template in WITHOUT_ROWS:
            return
        if not is_member or not self._may(route, role):
            if role != "stranger" and self.takes(route, "POST"):
                self._look(route, role, "POST", first, **self._plain(route, self.victim))
            return
        if self.takes(route, "POST"):
            kind = {"form": form_of} if route.takes_forms else {"json": True}
            answer = self._compare(route, role, "POST", first, **kind)
            if route.is_api and answer.status == 403 and not in_full and not self.takes(route, "GET"):
                return  # who may not do that has nothing else to do here
            if valid_of(route, self.victim):
                self._compare(route, role, "POST", first, valid=True)
        is_admin_site = route.template.startswith("admin/")
        for verb in UNSAFE if in_full and not is_admin_site else ["DELETE"]:
            if self.takes(route, verb):
                self._compare(route, role, verb, first, json=True)
        for verb in ("HEAD", "OPTIONS") if in_full and not is_admin_site else ():
            if self.takes(route, verb) and not self._is_asked_of_class(route, verb):
                self._look(route, role, verb, first)
        if in_full and self.takes(route, "GET"):
            self._widen(route, role)
        if in_full:
            self._through_own(route, role)

    def _is_asked_of_class(self, route: Route, verb: str) -> bool:
        """Over REST, HEAD is answered by what answers GET and OPTIONS by the class, whose other routes need not be asked."""
        view = getattr(route.callback, "cls", None)
        if not route.is_api or view is None or verb.lower() in getattr(route.callback, "actions", {}):
            return False
        is_asked = (view, verb) in self.asked_of_class
        self.asked_of_class.add((view, verb))
        return is_asked

    def _is_as_of_visitor(self, route: Route, values: dict[str, Any]) -> bool:
        """No session was looked at for a visitor; that one of elsewhere is nobody's is seen at each door (``_wrong_host``)."""
        if "visitor" not in self.roles(route) or not self.takes(route, "GET"):
            return False
        return self.ask(route, "GET", route.path(values), "visitor", self.attacker).is_as_of_visitor

    @staticmethod
    def _plain(route: Route, twin: Twin) -> dict[str, Any]:
        return {"form": form_of(route, twin)} if route.takes_forms else {"json": json_of(twin)}

    def _own(self, route: Route, role: str) -> tuple[dict[str, Any], Answer]:
        """A row of the attacker's own, and what the role sees of it."""
        own = (self.own_ways_in[route.template] or self.filler.real(route, self.attacker))[0]
        return own, self.noted(route, "GET", route.path(own), role, self.attacker)

    def _is_refused_before(self, route: Route, role: str) -> bool:
        own, answer = self._own(route, role)
        return self.refused_at_the_door(route, own, answer, {name for name in own if name not in NEUTRAL})

    def _does_as_both(self, route: Route, role: str) -> bool:
        """Only where nothing is let pass of "both" that is of both their environments."""
        if not self.takes(route, "GET") or "both" not in self.roles(route) or route.template in OWN_IN_BOTH:
            return False
        return self.reads_alike(self._own(route, role)[1], self._own(route, "both")[1])

    def _may(self, route: Route, role: str) -> bool:
        """Whether the role does anything at all with the route on its own rows."""
        is_full = role == ("token" if route.is_api else "admin")
        if not self.takes(route, "GET"):  # a page says so to everybody, and REST with its answer to what it does take
            return True
        if is_full and route.template in self.opened:
            return True
        _values, answer = self._own(route, role)
        return answer.is_way_in or answer.status == 405

    def _look(self, route: Route, role: str, verb: str, values: dict[str, Any], **body: Any) -> Answer:
        sent = [values, *body.values()]
        answer = self.noted(route, verb, route.path(values), role, self.attacker, sent=sent, **body)
        self.inspect(route, role, verb, answer, sent=sent)
        return answer

    def _compare(
        self,
        route: Route,
        role: str,
        verb: str,
        values: dict[str, Any],
        *,
        form: Any = None,
        json: bool = False,
        valid: bool = False,
    ) -> Answer:
        """The victim's ids must be answered as ids that nobody has, and change and tell nothing."""
        absent = self.filler.absent(route, values)
        bodies: list[dict[str, Any]] = [
            {"form": form(route, twin)}
            if form
            else {"json": json_of(twin)}
            if json
            else dict([valid_of(route, twin)])
            if valid
            else {}
            for twin in (self.victim, None)
        ]
        real = self._look(route, role, verb, values, **bodies[0])
        if SHARED in values.values() or (values == absent and not (form or json or valid)):
            return real  # a row of the attacker's own, or nothing that names one: nothing to compare
        if real.status == 405 and not route.is_api:
            self.refused.add((route.template, verb))
            return real  # pages refuse a method before they look at anything
        theirs, nobodys = ([one, *body.values()] for one, body in zip((values, absent), bodies, strict=True))
        if self.reads_as_of_nobody(route, real, values, absent) or self.tells_as_of_nobody(real, theirs, nobodys):
            return real
        key = (route.template, role, verb, bool(form), json, valid, str(absent))
        if key not in self.absent_answers:
            self.absent_answers[key] = self.ask(route, verb, route.path(absent), role, self.attacker, **bodies[1])
        sent = [
            route.path(values),
            route.path(absent),
            values,
            absent,
            *(body.get("form") or body.get("json") or {} for body in bodies),
        ]
        self.same_or_told(route, role, verb, real, self.absent_answers[key], sent)
        return real

    def _widen(self, route: Route, role: str) -> None:
        """Queries that would show more than one's own, on one's own pages: with parameters that the view reads there."""
        own, answer = self._own(route, role)
        reads = answer.looked_at
        for query in queries_of(route, self.victim):
            if reads is None or ANY_QUERY in reads or not reads.isdisjoint(ANY_QUERY + name for name in query):
                self._look(route, role, "GET", own, query=query)

    def _through_own(self, route: Route, role: str) -> None:
        """One's own row by the address, the victim's in the body; and addresses that mix both parents."""
        own = (self.own_ways_in[route.template] or self.filler.real(route, self.attacker))[0]
        pairs: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
            *([("form", form_of(route, self.victim), form_of(route, None))] if route.takes_forms else []),
            *([] if is_of_model(route) else [("json", json_of(self.victim), json_of(None))]),
        ]
        pairs += [("form", *forms) for forms in one_foreign_field(route, self.attacker, self.victim)]
        for kind, theirs, nobodys in pairs if self.takes(route, "POST") else []:
            real = self._look(route, role, "POST", own, **{kind: theirs})
            if not self.tells_as_of_nobody(real, theirs, nobodys):
                nobody = self.ask(route, "POST", route.path(own), role, self.attacker, **{kind: nobodys})
                self.same_or_told(route, role, "POST", real, nobody, [theirs, nobodys])
            if real.status == 403:
                break  # who may not do it at all may not do it with another field either
        naming = [name for name, _converter in route.parameters if name not in NEUTRAL]
        if len(naming) > 1:
            self._mixed(route, role, own)

    def _mixed(self, route: Route, role: str, own: dict[str, Any]) -> None:
        theirs = self.ways_in[route.template] or self.filler.real(route, self.victim)
        for values in theirs[:4]:
            absent = self.filler.absent(route, values)
            for name in own:
                mixed, nobody = own | {name: values[name]}, own | {name: absent[name]}
                for verb in filter(partial(self.takes, route), ("GET", "POST", "DELETE")):
                    real = self._look(route, role, verb, mixed)
                    answer = self.ask(route, verb, route.path(nobody), role, self.attacker)
                    self.same_or_told(route, role, verb, real, answer, [mixed, nobody])

    def _wrong_host(self, route: Route) -> None:
        """The attacker's session on the victim's host is nobody's."""
        values = (self.ways_in[route.template] or self.filler.real(route, self.victim))[0]
        carried = self.ask(route, "GET", route.path(values), "stranger", self.victim)
        if not carried.is_as_of_visitor:
            nobody = self.ask(route, "GET", route.path(values), "visitor", self.victim)
            self.same_or_told(route, "wrong host", "GET", carried, nobody, [])
