"""Every form of every page, from the resolver: nothing that is sent with it is an error of ours, what cannot be is not
said to be done, and sending it twice does once what it does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from tests.guards.cross_arena import arena
from tests.guards.cross_effects import undone
from tests.guards.cross_reads import Reads
from tests.guards.cross_routes import Filler, routes
from tests.guards.forms import Form, Pairs, encoded, forms_of
from tests.guards.scene import scene_make
from tests.guards.twins import Twin, tenant_models
from tests.live.screens import is_ours
from tests.remembering import Memory

BUTTONS = 5  # of one form; rows of a list have the same
# Where something wrong is no mistake of who sends it, or twice is two, each with its reason.
TAKEN = {
    "attempts/<uuid:uid>/<int:position>/": "what is none of the choices is no answer, and the question stays open",
}
TWICE = {
    "courses/<slug:slug>/build/package/": "each file that leaves is in the audit log",
    "settings/audit/export/": "each file that leaves is in the audit log",
    "people/export/": "each file that leaves is in the audit log",
    "calendar/address/": "the answer shows a secret once: another one takes its place, and the audit log says so",
    "developers/tokens/": "the answer shows a secret once, and a list of tokens beside it",
    "accounts/password/reset/": "each asking is a letter, so many an hour",
    "accounts/reauthenticate/code/": "each asking is a letter, so many an hour",
    "accounts/address/": "each asking is a letter, so many an hour",
}


class Sender:
    """The forms that an administrator and a learner of one environment can open, each once."""

    def __init__(self, twin: Twin) -> None:
        self.twin, self.filler = twin, Filler(twin)
        self.clients = [self._client(role) for role in ("admin", "learner")]
        self.memory = Memory()
        tables = sorted(model._meta.db_table for model in tenant_models())
        parts = [
            f"SELECT '{name}', count(*) FROM {name} WHERE environment_id = {twin.environment.pk}" for name in tables
        ]
        with connection.cursor() as cursor:  # to plan it takes ten times as long as to run it
            cursor.execute("PREPARE rows_here AS " + " UNION ALL ".join(parts))

    def _client(self, role: str) -> Client:
        client = Client(HTTP_HOST=self.twin.host, raise_request_exception=False)
        client.cookies["session"] = self.twin.sessions[role]
        return client

    def forms(self) -> Iterator[tuple[Client, str, str, Form, Pairs]]:
        """(client, route, address, form, the button that was pressed)."""
        seen = set()
        for client, path, page in self._pages():
            for form in forms_of(page):
                for name, value, action in form.buttons[:BUTTONS] or [("", "", "")]:
                    address = urlsplit(action or form.action).path or path
                    route = resolve(address).route
                    names = tuple(sorted({one.name for one in form.fields}))
                    known = (route, names, name, "" if len(value) > 20 else value)
                    if known not in seen:
                        seen.add(known)
                        yield client, route, address, form, [(name, value)] if name else []

    def _pages(self) -> Iterator[tuple[Client, str, str]]:
        """(client, address, text) of the first way in to each."""
        for route in routes():
            ways = product(self.filler.real(route, self.twin)[:3], self.clients) if is_ours(route) else ()
            for values, client in ways:
                page = self._page(client, route.path(values))
                if page:
                    yield client, route.path(values), page
                if page is not None:
                    break

    def _page(self, client: Client, path: str) -> str | None:
        """Its text; none where it is no page for them or with this row, and empty where it is none for anybody."""
        with undone(), self.memory.remembered():
            answer = _read(client.get(path))
        assert answer.status_code < 500, path
        is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        return answer.text if is_page else "" if answer.status_code == 405 else None

    def twice(self, client: Client, address: str, sent: Pairs) -> tuple[int, int, dict[str, int]]:
        """(status, status of the second time, of which tables the second time made more rows or fewer)."""
        with undone(), self.memory.remembered():
            first, has_written = self._post_watched(client, address, sent)
            if not has_written:  # the second time would be the first again
                return first.status_code, first.status_code, {}
            once = self._rows()
            again, has_written = self._post_watched(client, address, sent)
            now = self._rows() if has_written else once
        more = {name: number - once[name] for name, number in now.items() if number != once[name]}
        return first.status_code, again.status_code, more

    @staticmethod
    def _post_watched(client: Client, address: str, sent: Pairs) -> tuple[HttpResponse, bool]:
        """Whether anything was written too: to count all rows takes longer than most pages."""
        with Reads().watched(noting=False) as seen:
            answer = _post(client, address, sent)
        return answer, bool(seen.written)

    def _rows(self) -> dict[str, int]:
        here = self.twin.environment.pk
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT set_config('app.environment', '{here}', true), set_config('app.readable', '{here}', true)"
            )
            cursor.execute("EXECUTE rows_here")
            return dict(cursor.fetchall())


def _read(answer: Any) -> Any:
    if answer.streaming:  # to its end, or the file stays open
        b"".join(answer)
    return answer


def _post(client: Client, address: str, sent: Pairs) -> HttpResponse:
    return _read(client.post(address, encoded(sent), content_type="application/x-www-form-urlencoded"))


def _said_done(answer: HttpResponse) -> bool:
    told = getattr(getattr(answer, "wsgi_request", None), "_messages", None)
    levels = {message.level_tag for message in getattr(told, "_queued_messages", ())}
    return answer.status_code in {302, 303} and not levels & {"error", "warning", "info"}


@pytest.fixture
def twin(django_db_setup, django_db_blocker) -> Iterator[Twin]:
    with django_db_blocker.unblock(), arena(scene_make) as scene:
        yield scene.attacker


def test_every_form_refuses_what_cannot_be_and_does_once_what_is_sent_twice(twin):
    sender, wrong, count, met = Sender(twin), [], 0, set()
    for client, route, address, form, pressed in sender.forms():
        count += 1
        met.add(route)
        place = f"{route} {pressed}"
        filled = form.filled() + pressed
        bad = form.wrong() + pressed
        others: list[Pairs] = [filled]
        for what, sent in (("wrong", bad), ("empty", pressed), ("nul", form.with_nul() + pressed)):
            if sent in others:  # a form without such a field is sent as it is, below
                continue
            others.append(sent)
            with undone(), sender.memory.remembered():
                answer = _post(client, address, sent)
            if answer.status_code >= 500:
                wrong.append(f"{place}: {answer.status_code} for {what}")
            if what == "wrong" and _said_done(answer) and route not in TAKEN:
                wrong.append(f"{place}: said to be done with {[pair for pair in bad if pair not in filled]}"[:300])
        first, again, more = sender.twice(client, address, filled)
        if first >= 500 or again >= 500:
            wrong.append(f"{place}: {first} and {again} for twice")
        if more and route not in TWICE:
            wrong.append(f"{place}: twice is more: {more}")
    assert not wrong, "\n".join(wrong)
    assert count > 100
    assert TAKEN.keys() | TWICE.keys() <= met
