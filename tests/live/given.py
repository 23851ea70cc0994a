"""Pages that a test has asked for already, handed to the browser as they came: none is made twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any

from django.http import HttpResponse

from tests.live.screens import Screen


class Given:
    """Stands before the site of a live server, and answers what it was given an answer for; the site answers all else."""

    def __init__(self, live_server: Any) -> None:
        self._server = live_server.thread.httpd
        self._site = self._server.get_app()
        self._answers: dict[tuple[str, ...], HttpResponse] = {}

    @contextmanager
    def standing_before(self) -> Iterator[None]:
        self._server.set_app(self)
        try:
            yield
        finally:
            self._server.set_app(self._site)

    @contextmanager
    def answering(self, screen: Screen) -> Iterator[None]:
        """The next request for this screen, by the same person in the same language, gets what there is of it already."""
        asked = (screen.host, screen.path, *screen.cookies.values())
        self._answers[asked] = screen.answer
        yield
        assert asked not in self._answers, f"nobody has asked for {screen.host}{screen.path}"

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._answers.pop(_asked(environ), None) if environ["REQUEST_METHOD"] == "GET" else None
        if answer is None:
            return self._site(environ, start_response)
        headers = [*answer.items(), *(("Set-Cookie", cookie.OutputString()) for cookie in answer.cookies.values())]
        start_response(f"{answer.status_code} {HTTPStatus(answer.status_code).phrase}", headers)
        return [answer.content]


def _asked(environ: dict[str, Any]) -> tuple[str, ...]:
    cookies = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    sent = (cookies[name].value if name in cookies else "" for name in ("session", "language"))
    return environ.get("HTTP_HOST", ""), environ["PATH_INFO"], *sent
