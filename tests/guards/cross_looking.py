"""What a view looks at of a request: its answer to another that differs in nothing else is known."""

from __future__ import annotations

import dis
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict
from django.http.cookie import parse_cookie
from django.test.client import ClientHandler

from ecosystem.cache import LastingClient

# FORM: the fields of a form, where something else was sent: there are none, whatever it was. SESSION: of whoever asks, or the
# cookies that name it.
METHOD, BODY, FORM, SESSION = "method", "body", "form", "session"
AMONG = "method among "  # and which: all that was asked of the method
ANY_QUERY = "?"  # before the name of a parameter of the address; alone where all of them were looked at
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def _compared_with(frame: Any) -> str:
    """What the code that reads the method asks of it: whether it is one of these. ``METHOD`` where that is not all."""
    code, place = frame.f_code, frame.f_lasti
    if (code, place) not in _asks:
        following = [one for one in dis.get_instructions(code) if one.offset > place][:2]
        _asks[code, place] = tuple((one.opname, one.argval) for one in following)
    match _asks[code, place]:
        case (("LOAD_CONST", str(verb)), ("COMPARE_OP", "==" | "!=")):
            return AMONG + verb
        case (("LOAD_CONST", tuple(verbs)), ("CONTAINS_OP", _)):
            return AMONG + ",".join(verbs)
        case (("LOAD_DEREF" | "LOAD_GLOBAL", str(name)), ("CONTAINS_OP", _)):
            return AMONG + ",".join(frame.f_locals.get(name) or frame.f_globals[name])
    return METHOD


_asks: dict[tuple[Any, int], tuple[Any, ...]] = {}


class WatchedQuery(QueryDict):
    """Parameters of an address that note which are read."""

    looked_at: set[str] = set()


def _noting_names(name: str) -> Callable[..., Any]:
    plain = getattr(QueryDict, name)

    def method(self: WatchedQuery, *given: Any, **more: Any) -> Any:
        self.looked_at.add(f"{ANY_QUERY}{given[0]}" if given else ANY_QUERY)
        return plain(self, *given, **more)

    return method


OF_ONE = ("get", "getlist", "__getitem__", "__contains__")
OF_ALL = (
    "items",
    "lists",
    "values",
    "keys",
    "dict",
    "urlencode",
    "copy",
    "__iter__",
    "__len__",
    "__copy__",
    "__deepcopy__",
)
for _name in (*OF_ONE, *OF_ALL):
    setattr(WatchedQuery, _name, _noting_names(_name))


class WatchedFacts(dict[str, Any]):
    """What came with a request; of the length and the sort of its body it is noted when they are read."""

    looked_at: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, *other: Any) -> Any:
        self._note(name)
        return super().get(name, *other)

    def _note(self, name: str) -> None:
        if name in {"CONTENT_TYPE", "CONTENT_LENGTH", "wsgi.input"}:
            self.looked_at.add(BODY)
        elif name == "REQUEST_METHOD":
            self.looked_at.add(METHOD)
        elif name == "HTTP_COOKIE":
            self.looked_at.add(SESSION)


class Watched(WSGIRequest):
    """A request that notes what is read of it, from where the view begins: what comes before is the same for all views."""

    looked_at: set[str]

    @property
    def GET(self) -> QueryDict:  # type: ignore[override]  # noqa: N802 -- Django's name
        plain = self.__dict__.get("GET")
        if not isinstance(plain, WatchedQuery):
            plain = WatchedQuery(self.META.get("QUERY_STRING", ""), encoding=self._encoding)
            plain.looked_at = self.looked_at  # reading it in is none of it
            self.__dict__["GET"] = plain
        return plain

    @property
    def method(self) -> str:  # type: ignore[override]
        frame = sys._getframe(1)
        self.looked_at.add(_compared_with(frame))
        return str(self.__dict__["method"])

    @method.setter
    def method(self, value: str) -> None:
        self.__dict__["method"] = value

    @property
    def content_type(self) -> str:  # type: ignore[override]
        """It goes with the body."""
        self.looked_at.add(BODY)
        return str(self.__dict__["content_type"])

    @content_type.setter
    def content_type(self, value: str) -> None:
        self.__dict__["content_type"] = value


def _held(name: str) -> property:
    """What a middleware has put there, noted when it is read."""

    def get(request: Watched) -> Any:
        request.looked_at.add(SESSION)
        if name == "COOKIES" and name not in request.__dict__:
            request.__dict__[name] = parse_cookie(request.environ.get("HTTP_COOKIE", ""))
        return request.__dict__[name]

    return property(get, lambda request, value: request.__dict__.update({name: value}))


for _name in ("session", "COOKIES"):
    setattr(Watched, _name, _held(_name))


def is_known_too(looked_at: frozenset[str], verb: str, other: str) -> bool:
    """Whether another method in the same place is answered as this one."""
    noted = [one for one in looked_at if one.startswith(METHOD)]
    return verb == other or all(
        one.startswith(AMONG) and _is_among(verb, one) == _is_among(other, one) for one in noted
    )


def _is_among(verb: str, noted: str) -> bool:
    return verb in noted.removeprefix(AMONG).split(",")


def what_is_known(looked_at: frozenset[str], *, is_form: bool) -> str:
    """For which other bodies sent to the same place the answer is the same; empty where for none but this one.

    One of ``known_as`` of each of those.
    """
    return "" if BODY in looked_at else _body(is_form=is_form) if FORM in looked_at else "any"


def known_as(*, is_form: bool) -> list[str]:
    return ["any", _body(is_form=is_form)]


def _body(*, is_form: bool) -> str:
    return "form" if is_form else "no form"


def _noting(name: str) -> property:
    plain: Any = getattr(WSGIRequest, name)
    read = plain.fget if isinstance(plain, property) else plain.__get__

    def get(request: Watched) -> Any:
        has_fields = request.__dict__["content_type"] in FORMS
        request.looked_at.add(FORM if name in {"POST", "FILES"} and not has_fields else BODY)
        request.__class__ = WSGIRequest  # type: ignore[assignment]
        try:
            return read(request)
        finally:
            request.__class__ = Watched

    return property(get, getattr(plain, "fset", None))


for _name in ("body", "POST", "FILES", "read", "readline", "readlines"):
    setattr(Watched, _name, _noting(_name))


@contextmanager
def keys_looked_at() -> Iterator[set[str]]:
    """The keys of the cache that are asked for within."""
    keys: set[str] = set()
    plain, plain_many = LastingClient.get_client, LastingClient.get_many

    def get_client(self: LastingClient, key: Any = None, *, write: bool = False) -> Any:
        keys.add(str(key))
        return plain(self, key, write=write)

    def get_many(self: LastingClient, wanted: Any) -> Any:
        keys.update(map(str, wanted := list(wanted)))
        return plain_many(self, wanted)

    LastingClient.get_client, LastingClient.get_many = get_client, get_many  # type: ignore[method-assign]
    try:
        yield keys
    finally:
        LastingClient.get_client, LastingClient.get_many = plain, plain_many  # type: ignore[method-assign]


class WatchingHandler(ClientHandler):
    """The site, by whom each request is watched. ``looked_at`` is of the last; nothing where no view was reached."""

    looked_at: set[str] | None = None
    is_visitor = False  # whether the view began with nobody signed in
    shows_nothing_in_full = False  # the page around "There is nothing here" is the same for each address

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        self.looked_at, self.is_visitor = None, False
        return super().__call__(environ)

    @property
    def was_visitor(self) -> bool:
        """The last was answered as any visitor would be: nobody, and no session was looked at."""
        return self.is_visitor and SESSION not in (self.looked_at or ())

    def _get_response(self, request: HttpRequest) -> Any:
        try:
            return super()._get_response(request)
        except Http404:
            if self.shows_nothing_in_full:
                raise
            return HttpResponseNotFound("There is nothing here.")
        finally:
            request.__class__ = WSGIRequest

    def make_view_atomic(self, view: Callable[..., Any]) -> Callable[..., Any]:
        atomic = super().make_view_atomic(view)

        def watched(request: Any, *args: Any, **kwargs: Any) -> Any:
            self.looked_at = request.looked_at = set()
            self.is_visitor = getattr(request, "membership", None) is None
            request.META = WatchedFacts(request.META)
            request.META.looked_at = self.looked_at
            request.__class__ = Watched
            return atomic(request, *args, **kwargs)

        return watched
