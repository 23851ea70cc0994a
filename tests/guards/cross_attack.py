"""Send every request an attacker could, and look at everything that comes back."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from tests.guards.cross_answers import Answer, around, difference, is_same, normalised, without
from tests.guards.cross_asking import Asked
from tests.guards.cross_bodies import form_of, json_of, one_foreign_field, queries_of, valid_of
from tests.guards.cross_knowing import Knower, deletes_what_nobody_deletes, is_about_rows_of_services
from tests.guards.cross_looking import ANY_QUERY
from tests.guards.cross_report import Finding, Report
from tests.guards.cross_routes import NEUTRAL, Filler, Route
from tests.guards.scene import Scene
from tests.guards.twins import ADDRESS, CANARY, SHARED, Twin

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
# What somebody who belongs to both sees and changes there of their own, each with its reason. All other roles count.
OWN_IN_BOTH = {
    "me/environments/": "names the environments that the person belongs to",
    "delegations/mine/": "names the environments that the person looks after, there as administrator",
    "me/transcript/": "what the person has achieved, in every environment they belong to",
    "me/profile/": "name and language are the person's own everywhere, and rules of groups follow them",
    "memo/settings/": "the daily set is one over the environments that the person belongs to, and says which",
    "memo/pause/": "and so are its breaks",
}
# The switcher on every page, which only they have: names and hosts of the environments they belong to.
SWITCHER = re.compile(rb'<nav aria-label="(?:Your environments|Je omgevingen)">.*?</nav>', re.DOTALL)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# With one layer off, what writes is asked again by those who may do the most: what they cannot reach, nobody can.
MAY_MOST = frozenset({"admin", "token"})


class Attack(Knower):
    """All requests of all roles (or of those that ``only`` says for the template of a route) against one scene."""

    def __init__(
        self, scene: Scene, routes: list[Route], *, only: Callable[[str], frozenset[str]] | None = None
    ) -> None:
        super().__init__(scene)
        self.routes, self.only = routes, only
        self.filler = Filler(scene.attacker, scene.victim)
        self.report = Report(routes={route.template for route in routes})
        self.ways_in: dict[str, list[dict[str, Any]]] = {}
        self.own_ways_in: dict[str, list[dict[str, Any]]] = {}
        self.as_it_is: dict[int, str] = {}  # what the statements of the requests gave
        self.absent_answers: dict[tuple[Any, ...], Answer] = {}
        self.opened_at: dict[str, int] = {}  # which of the values
        self.refused: set[tuple[str, str]] = set()
        self.opened: set[str] = set()  # pages that the attacker who is tried in full sees with rows of their own

    def run(self) -> Report:
        for route in self.routes:
            start, before = time.monotonic(), sum(self.report.counts.values())
            self.forget()
            known = [
                (self.victim, self.ways_in, self.report.owner_reached),
                (self.attacker, self.own_ways_in, self.report.attacker_reached),
            ]  # first whose look a page may keep
            for twin, ways, reached in known if self._takes(route, "GET") else reversed(known):
                ways[route.template] = self._controls(route, twin, reached)
            for role in self.roles(route):
                self._attack(route, role)
            if route.template not in WITHOUT_ROWS and self._takes(route, "GET"):
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
                if self._takes(here, "GET"):  # for what a page keeps after its owner looked
                    first = (self.ways_in[here.template] or self.filler.real(here, self.victim))[0]
                    self.ask(here, "GET", here.path(first), "token" if here.is_api else "admin", self.victim)
            answer = self.ask(here, one.verb, one.path, one.role, self.attacker, **one.body)
            self._inspect(here, one.role, one.verb, answer, sent=one.sent)
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
            roles = [
                *(["token"] if route.is_api else []),
                "admin",
                "both",
                "gardener",
                "learner",
                "stranger",
                "visitor",
            ]
        return [role for role in roles if self.only is None or role in self.only(route.template)]

    # --- controls ------------------------------------------------------------------------------------------------
    def _controls(self, route: Route, twin: Twin, reached: set[str]) -> list[dict[str, Any]]:
        """Values by which somebody of the twin gets in, if there are any; notes that the route was reached."""
        values = self.filler.real(route, twin)
        if (place := self.opened_at.get(route.template, 0)) < len(
            values
        ):  # by which the other got in: both are made alike
            values.insert(0, values.pop(place))
        # Nobody else is let into the admin; of REST a token opens all but the list of tokens.
        roles = ["token"] if route.is_api else ["admin"]
        if not route.template.startswith("admin/"):
            roles.append("admin" if route.is_api else "learner")
        found = list(islice(self._looked(route, values, roles[0], twin), 1))
        if found and twin is self.attacker:
            self.opened.add(route.template)
        if not found and twin is self.victim and self.own_ways_in.get(route.template) and not self._takes(route, "GET"):
            found = values[:1]  # as the attacker does with a row of their own: both are made alike, and nothing is kept
        elif not found and not deletes_what_nobody_deletes(route):  # for others, or no page: all that may open it
            tried = values[:1] if is_about_rows_of_services(route) else values
            found = list(islice((one for one in tried if self._gets_in(route, one, roles, twin)), 1))
        if found:
            reached.add(route.template)
            self.opened_at[route.template] = self.filler.real(route, twin).index(found[0])
        return found

    def _looked(self, route: Route, values: list[dict[str, Any]], role: str, twin: Twin) -> Iterator[dict[str, Any]]:
        """Those by which one look gets in. What is not made to be looked at says so before it reads what is asked."""
        for one in values if self._takes(route, "GET") else []:
            answer = self.noted(route, "GET", route.path(one), role, twin)
            if answer.is_way_in:
                yield one
            if answer.status == 405 and not route.is_api:
                self.refused.add((route.template, "GET"))
            if answer.status == 405 or (answer.status == 403 and deletes_what_nobody_deletes(route)):
                return

    def _gets_in(self, route: Route, values: dict[str, Any], roles: list[str], twin: Twin) -> bool:
        path = route.path(values)
        for role in [*roles[1:], "visitor"] if self._takes(route, "GET") else []:
            if self.noted(route, "GET", path, role, twin).is_way_in:
                return True
        valid, form, json = valid_of(route, twin), form_of(route, twin), json_of(twin)
        bodies = [dict([valid])] if valid else [{"json": json}] if route.is_api else []
        if not valid and route.takes_forms:
            bodies.append({"form": form})
        if not valid and not route.is_api and not route.template.startswith("admin/"):
            bodies.append({"json": json})
        if not self._takes(route, "POST"):
            bodies = []
        return any(
            any(self.noted(route, "POST", path, role, twin, **body).is_way_in for body in bodies)
            or (route.is_api and "DELETE" in route.verbs and self.noted(route, "DELETE", path, role, twin).is_way_in)
            for role in roles
        )

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
        if is_member and self._takes(route, "GET"):
            self._look(route, role, "GET", self._own(route, role)[0])
        if self._takes(route, "GET") and (in_full or not is_member or not self._is_refused_before(route, role)):
            for values in [*best, *others[:2]]:
                self._compare(route, role, "GET", values)
        if route.template in WITHOUT_ROWS:
            return
        if not is_member or not self._may(route, role):
            if role != "stranger" and self._takes(route, "POST"):
                self._look(route, role, "POST", first, **self._plain(route, self.victim))
            return
        if self._takes(route, "POST"):
            kind = {"form": form_of} if route.takes_forms else {"json": True}
            self._compare(route, role, "POST", first, **kind)
            if valid_of(route, self.victim):
                self._compare(route, role, "POST", first, valid=True)
        is_admin_site = route.template.startswith("admin/")
        for verb in UNSAFE if in_full and not is_admin_site else ["DELETE"]:
            if self._takes(route, verb):
                self._compare(route, role, verb, first, json=True)
        for verb in ("HEAD", "OPTIONS") if in_full and not is_admin_site else ():
            if self._takes(route, verb):
                self._look(route, role, verb, first)
        if in_full and self._takes(route, "GET"):
            self._widen(route, role)
        if in_full:
            self._through_own(route, role)

    @staticmethod
    def _plain(route: Route, twin: Twin) -> dict[str, Any]:
        return {"form": form_of(route, twin)} if route.takes_forms else {"json": json_of(twin)}

    def _takes(self, route: Route, verb: str) -> bool:
        """Whether the route has the method at all; tests/api/test_doors.py asks the API for those it has not."""
        return verb in route.verbs and (route.template, verb) not in self.refused

    def _own(self, route: Route, role: str) -> tuple[dict[str, Any], Answer]:
        """A row of the attacker's own, and what the role sees of it."""
        own = (self.own_ways_in[route.template] or self.filler.real(route, self.attacker))[0]
        return own, self.noted(route, "GET", route.path(own), role, self.attacker)

    def _is_refused_before(self, route: Route, role: str) -> bool:
        own, answer = self._own(route, role)
        return self.refused_at_the_door(route, own, answer, {name for name in own if name not in NEUTRAL})

    def _does_as_both(self, route: Route, role: str) -> bool:
        """Only where nothing is let pass of "both" that is of both their environments."""
        if not self._takes(route, "GET") or "both" not in self.roles(route) or route.template in OWN_IN_BOTH:
            return False
        return self.reads_alike(self._own(route, role)[1], self._own(route, "both")[1])

    def _may(self, route: Route, role: str) -> bool:
        """Whether the role does anything at all with the route on its own rows."""
        is_full = role == ("token" if route.is_api else "admin")
        if not self._takes(route, "GET") and (is_full or not route.is_api):  # a page says so to everybody
            return True
        if is_full and route.template in self.opened:
            return True
        _values, answer = self._own(route, role)
        return answer.is_way_in or answer.status == 405

    def _look(self, route: Route, role: str, verb: str, values: dict[str, Any], **body: Any) -> Answer:
        sent = [values, *body.values()]
        answer = self.noted(route, verb, route.path(values), role, self.attacker, sent=sent, **body)
        self._inspect(route, role, verb, answer, sent=sent)
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
    ) -> None:
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
            return  # a row of the attacker's own, or nothing that names one: nothing to compare
        if real.status == 405 and not route.is_api:
            self.refused.add((route.template, verb))
            return  # pages refuse a method before they look at anything
        theirs, nobodys = ([one, *body.values()] for one, body in zip((values, absent), bodies, strict=True))
        if self.reads_as_of_nobody(route, real, values, absent) or self.tells_as_of_nobody(real, theirs, nobodys):
            return
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
        self._same(route, role, verb, real, self.absent_answers[key], sent)

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
            ("json", json_of(self.victim), json_of(None)),
        ]
        pairs += [("form", *forms) for forms in one_foreign_field(route, self.attacker, self.victim)]
        for kind, theirs, nobodys in pairs if self._takes(route, "POST") else []:
            real = self._look(route, role, "POST", own, **{kind: theirs})
            if not self.tells_as_of_nobody(real, theirs, nobodys):
                nobody = self.ask(route, "POST", route.path(own), role, self.attacker, **{kind: nobodys})
                self._same(route, role, "POST", real, nobody, [theirs, nobodys])
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
                for verb in filter(partial(self._takes, route), ("GET", "POST", "DELETE")):
                    real = self._look(route, role, verb, mixed)
                    answer = self.ask(route, verb, route.path(nobody), role, self.attacker)
                    self._same(route, role, verb, real, answer, [mixed, nobody])

    def _wrong_host(self, route: Route) -> None:
        """The attacker's session on the victim's host is nobody's."""
        values = (self.ways_in[route.template] or self.filler.real(route, self.victim))[0]
        nobody = self.ask(route, "GET", route.path(values), "visitor", self.victim)
        carried = self.ask(route, "GET", route.path(values), "stranger", self.victim)
        self._same(route, "wrong host", "GET", carried, nobody, [])

    # --- what is wrong -------------------------------------------------------------------------------------------
    def _inspect(self, route: Route, role: str, verb: str, answer: Answer, *, sent: Any) -> None:
        place = (route.template, verb, role)
        is_own = role == "both" and route.template in OWN_IN_BOTH
        said = (SWITCHER.sub(b"", answer.text) if role == "both" else answer.text).lower()
        if not is_own and CANARY.lower().encode() in said:
            self.report.findings.add(Finding("leak", *place, around(answer.text, CANARY)))
        if ADDRESS.encode() in said and ADDRESS.encode() in (said := without(said, sent)):
            self.report.findings.add(Finding("leak", *place, around(said, ADDRESS)))
        if answer.status >= 500:
            self.report.findings.add(Finding("error", *place, str(answer.status)))
        if answer.commit_error:
            self.report.findings.add(Finding("commit", *place, answer.commit_error[:120]))
        if not is_own and answer.changed:
            self.report.findings.add(Finding("change", *place, answer.changed))

    def _same(self, route: Route, role: str, verb: str, real: Answer, nobody: Answer, sent: list[Any]) -> None:
        if not is_same(real, nobody, sent):
            left, right = normalised(real, sent), normalised(nobody, sent)
            self.report.findings.add(Finding("oracle", route.template, verb, role, difference(left, right)))
