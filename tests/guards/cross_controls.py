"""Who gets in with rows of their own, before the attack begins; and what is wrong with an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tests.guards.cross_answers import Answer, around, difference, is_same, normalised, without
from tests.guards.cross_bodies import form_of, json_of, valid_of
from tests.guards.cross_keeping import Keeper
from tests.guards.cross_knowing import Knower, deletes_what_nobody_deletes, is_about_rows_of_services
from tests.guards.cross_report import Finding
from tests.guards.cross_routes import Filler, Route
from tests.guards.scene import Scene
from tests.guards.twins import ADDRESS, CANARY, OWN, Twin

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
NOTHING = Route("nothing/here/", callback=lambda _request: None)


class Controls(Knower):
    """Finds for each route a row with which one gets in."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self.filler = Filler(scene.attacker, scene.victim)
        self.ways_in: dict[str, list[dict[str, Any]]] = {}
        self.own_ways_in: dict[str, list[dict[str, Any]]] = {}
        self.opened_at: dict[str, int] = {}  # which of the values
        self.refused: set[tuple[str, str]] = set()
        self.opened: set[str] = set()  # pages that the attacker who is tried in full sees with rows of their own
        self.open_to_token: set[str] = set()  # what of REST the attacker's token gets into
        self.keeper, self.keeping = Keeper(), set[str]()  # and the routes after which it held more

    def look_at_nothing(self, roles: list[str]) -> None:
        """Where there is nothing, all are shown the page that goes around that; from then on it is left away."""
        self.site.shows_nothing_in_full = True
        for role in roles:
            answer = self.ask(NOTHING, "GET", NOTHING.path({}), role, self.attacker)
            self.inspect(NOTHING, role, "GET", answer, sent=[NOTHING.path({})])
        self.site.shows_nothing_in_full = False
        self.forget()

    def find_ways_in(self, route: Route) -> None:
        kept = self.keeper.holds(), len(self.keys)
        self.own_ways_in[route.template] = self._controls(route, self.attacker, self.report.attacker_reached)
        if kept != (self.keeper.holds(), len(self.keys)):
            self.keeping.add(route.template)
        self.ways_in[route.template] = self._ways_of_victim(route)

    def _ways_of_victim(self, route: Route) -> list[dict[str, Any]]:
        """As the attacker gets in with rows of their own: both are made alike, but for the order of some. Whose page keeps
        anything is looked at by its owner, too, before the attack: it may show what others have left there, and leaves its own."""
        mine = self.own_ways_in[route.template]
        is_alike = route.template not in self.keeping and not self.filler.is_by_lot(route)
        if not is_alike or (not mine and self.takes(route, "GET")):
            return self._controls(route, self.victim, self.report.owner_reached)
        theirs = self.filler.real(route, self.victim)[self.opened_at.get(route.template, 0) :][:1] if mine else []
        if theirs:
            self.report.owner_reached.add(route.template)
        return theirs

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
        opener = roles[0] if found else ""
        if found and twin is self.attacker:
            self.opened.add(route.template)
        if not found and not deletes_what_nobody_deletes(route):  # for others, or no page: all that may open it
            tried = values[:1] if is_about_rows_of_services(route) else values
            found = list(islice((one for one in tried if (opener := self._gets_in(route, one, roles, twin))), 1))
        if found:
            reached.add(route.template)
            if opener == "token" and twin is self.attacker:
                self.open_to_token.add(route.template)
            self.opened_at[route.template] = self.filler.real(route, twin).index(found[0])
        return found

    def _looked(self, route: Route, values: list[dict[str, Any]], role: str, twin: Twin) -> Iterator[dict[str, Any]]:
        """Those by which one look gets in. What is not made to be looked at says so before it reads what is asked."""
        for one in values if self.takes(route, "GET") else []:
            answer = self.noted(route, "GET", route.path(one), role, twin)
            if twin is self.victim and OWN.lower().encode() in answer.text.lower():
                self.report.findings.add(Finding("leak", route.template, "GET", "owner", around(answer.text, OWN)))
            if answer.is_way_in:
                yield one
            if answer.status == 405 and not route.is_api:
                self.refused.add((route.template, "GET"))
            if answer.status == 405 or (answer.status == 403 and deletes_what_nobody_deletes(route)):
                return

    def _gets_in(self, route: Route, values: dict[str, Any], roles: list[str], twin: Twin) -> str:
        """As whom, if at all."""
        path = route.path(values)
        for role in [*roles[1:], "visitor"] if self.takes(route, "GET") else []:
            if self.noted(route, "GET", path, role, twin).is_way_in:
                return role
        valid, form, json = valid_of(route, twin), form_of(route, twin), json_of(twin)
        bodies = [dict([valid])] if valid else [{"json": json}] if route.is_api else []
        if not valid and route.takes_forms:
            bodies.append({"form": form})
        if not valid and not route.is_api and not route.template.startswith("admin/"):
            bodies.append({"json": json})
        if not self.takes(route, "POST"):
            bodies = []
        for role in roles:
            if any(self.noted(route, "POST", path, role, twin, **body).is_way_in for body in bodies) or (
                route.is_api and "DELETE" in route.verbs and self.noted(route, "DELETE", path, role, twin).is_way_in
            ):
                return role
        return ""

    def takes(self, route: Route, verb: str) -> bool:
        """Whether the route has the method at all; tests/api/test_doors.py asks the API for those it has not."""
        return verb in route.verbs and (route.template, verb) not in self.refused

    # --- what is wrong -------------------------------------------------------------------------------------------
    def inspect(self, route: Route, role: str, verb: str, answer: Answer, *, sent: Any) -> None:
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

    def same_or_told(self, route: Route, role: str, verb: str, real: Answer, nobody: Answer, sent: list[Any]) -> None:
        if not is_same(real, nobody, sent):
            left, right = normalised(real, sent), normalised(nobody, sent)
            self.report.findings.add(Finding("oracle", route.template, verb, role, difference(left, right)))
