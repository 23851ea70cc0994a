"""One request of an attack: sent, looked at from all sides, and undone.

Each runs in a savepoint with fresh cookies; what was queued for the commit is checked before the undoing.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import mail
from django.test import Client

from tests.guards.cross_answers import Answer, answer_of, flat
from tests.guards.cross_effects import RowsOf, commit_error, undone
from tests.guards.cross_looking import WatchingHandler, is_known_too, keys_looked_at, known_as, what_is_known
from tests.guards.cross_reads import Reads
from tests.guards.cross_report import Report
from tests.guards.cross_routes import Route
from tests.guards.scene import Scene
from tests.guards.twins import Twin
from tests.remembering import Memory


@dataclass(frozen=True, eq=False)
class Asked:
    """A question of an attacker, as it can be put once more."""

    route: Route
    verb: str
    path: str
    role: str
    body: dict[str, Any]
    sent: list[Any]
    read: frozenset[int]
    written: bool
    writes_filtered: bool


class Asker:
    """Asks as any role of the scene, on the host of either twin."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.attacker, self.victim = scene, scene.attacker, scene.victim
        self.client = Client(raise_request_exception=False)
        self.client.handler = self.site = WatchingHandler(enforce_csrf_checks=False)
        self.report = Report()
        self.reads, self.memory = Reads(), Memory()
        self.keys: set[str] = set()  # of the cache, that the attacker's requests asked for
        self.standing: set[Any] = set()  # what pages of the attacker's own read, whatever is sent to them
        self.asked: list[Asked] = []
        # What was asked of the route already, and whether what it read was noted; and by what other requests it is answered.
        self.same: dict[tuple[str, bool], Answer] = {}
        self.alike: dict[tuple[str, str, bool], list[tuple[str, Answer]]] = {}
        self.rows_of_victim = RowsOf(self.victim)

    def _who(self, role: str, twin: Twin) -> dict[str, str]:
        """Headers and session of a role on the host of the twin."""
        if role == "visitor":
            return {}
        if role == "both":
            return {"session": self.scene.both}
        if role == "stranger":  # a session that is good on the other host
            other = self.victim if twin is self.attacker else self.attacker
            return {"session": other.sessions["admin"]}
        if role == "token":
            return {"HTTP_AUTHORIZATION": f"Bearer {twin.token}"}
        return {"session": twin.sessions[role]}

    def ask(
        self,
        route: Route,
        verb: str,
        path: str,
        role: str,
        twin: Twin,
        *,
        noting: bool = False,
        **body: Any,
    ) -> Answer:
        """Send it, look whether it could be committed and what it did to the victim, and undo it.

        The same is asked once of a route: what a page keeps from its owner's look, it has by then. So is what differs only
        in what the view did not look at. What is noted will do where that is not asked for.
        """
        what = repr((verb, path, role, twin.host, body))
        if (what, noting) not in self.same:
            answer = self._known(verb, path, role, twin, noting=noting, **body)
            self.same |= {(what, noting): answer, (what, False): answer}
        return self.same[what, noting]

    def _known(self, verb: str, path: str, role: str, twin: Twin, *, noting: bool, **body: Any) -> Answer:
        """From what differs only in what the view did not look at; sent where there is no such."""
        place, is_form = (
            repr((path, role, twin.host, body.get("query"))),
            bool(body.get("form")),
        )  # an empty form is none
        for other in known_as(is_form=is_form):
            for asked, answer in self.alike.get((place, other, noting), ()):
                if is_known_too(answer.looked_at, asked, verb):
                    return answer
        answer = self._send(verb, path, role, twin, noting=noting, **body)
        if answer.looked_at is not None and (others := what_is_known(answer.looked_at, is_form=is_form)):
            for will_do in {noting, False}:
                self.alike.setdefault((place, others, will_do), []).append((verb, answer))
        return answer

    def forget(self) -> None:
        """At the next route."""
        self.same.clear()
        self.alike.clear()

    def _send(
        self,
        verb: str,
        path: str,
        role: str,
        twin: Twin,
        *,
        noting: bool,
        query: Any = None,
        form: Any = None,
        json: Any = None,
    ) -> Answer:
        who = dict(self._who(role, twin))
        if path.startswith("/lti/items") and role not in {"visitor", "stranger"}:
            who["HTTP_AUTHORIZATION"] = f"Bearer {twin.tool_token}"
        self.client.cookies = SimpleCookie()
        if session := who.pop("session", ""):
            self.client.cookies[settings.SESSION_COOKIE_NAME] = session
        extra: dict[str, Any] = {"HTTP_HOST": twin.host, "QUERY_STRING": "", **who}
        if query:
            extra["query_params"] = query
            del extra["QUERY_STRING"]
        send = getattr(self.client, verb.lower())
        if json is not None:
            extra |= {"data": json, "content_type": "application/json"}
        elif form is not None:
            extra |= posted(form)
        letters = len(mail.outbox) if hasattr(mail, "outbox") else 0
        self.report.counts[verb] += 1
        with undone():
            with self.reads.watched(noting=noting) as seen, self.memory.remembered(), keys_looked_at() as keys:
                answer = answer_of(send(path, **extra), letters)
            answer.read, answer.written, answer.keys = frozenset(seen.read), bool(seen.written), frozenset(keys)
            answer.writes_filtered = seen.writes_filtered
            answer.is_as_of_visitor = self.site.was_visitor
            answer.looked_at = None if self.site.looked_at is None else frozenset(self.site.looked_at)
            if twin is self.attacker:
                self.keys |= keys
            if seen.written:
                answer.commit_error = commit_error()
                if not answer.commit_error and twin is self.attacker:
                    answer.changed = ", ".join(self.rows_of_victim.changed())
        return answer

    def noted(
        self, route: Route, verb: str, path: str, role: str, twin: Twin, *, sent: Any = None, **body: Any
    ) -> Answer:
        """Asked so that it can be asked again; what the victim's own people ask is not."""
        noting = twin is self.attacker
        answer = self.ask(route, verb, path, role, twin, noting=noting, **body)
        if noting:
            said = [path, *body.values()] if sent is None else sent
            did = (answer.read, answer.written, answer.writes_filtered)
            self.asked.append(Asked(route, verb, path, role, body, said, *did))
        return answer


def posted(form: dict[str, Any]) -> dict[str, Any]:
    """As a browser sends it: in parts, which take longer to read, only when there are files."""
    if files := [value for value in flat(form) if hasattr(value, "read")]:
        for file in files:  # sent before, it stands at its end
            file.seek(0)
        return {"data": form}
    return {"data": urlencode(form, doseq=True), "content_type": "application/x-www-form-urlencoded"}
