"""What the attack takes for the same answer: only requests that differ in what the view did not look at."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from tests.guards.cross_looking import WatchingHandler, is_known_too

SAFE = {"GET", "HEAD"}


def of_no_matter(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


def compared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done" if request.method == "POST" else "shown")


def among(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown" if request.method in SAFE else "done")


def said(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"You asked by {request.method}.")


def by_name(request: HttpRequest) -> HttpResponse:
    return {"GET": of_no_matter, "HEAD": said}.get(request.method, compared)(request)


limited = require_http_methods(["GET", "HEAD", "POST"])(compared)
VIEWS = {view.__name__: view for view in (of_no_matter, compared, among, said, by_name)} | {"limited": limited}
VERBS = ("GET", "HEAD", "POST", "PUT", "DELETE")


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("of_no_matter", [{*VERBS}]),
        ("compared", [{"GET", "HEAD", "PUT", "DELETE"}, {"POST"}]),
        ("among", [{"GET", "HEAD"}, {"POST", "PUT", "DELETE"}]),
        ("said", [{verb} for verb in VERBS]),
        ("by_name", [{verb} for verb in VERBS]),
        ("limited", [{"GET", "HEAD"}, {"POST"}, {"PUT"}, {"DELETE"}]),
    ],
)
def test_another_method_is_answered_the_same_where_nothing_else_is_asked_of_it(rf, name, alike):
    for group in alike:
        for verb in group:
            site = WatchingHandler()
            seen = site.make_view_atomic(VIEWS[name])
            request = rf.generic(verb, f"/{name}/")
            seen(request)
            found = {other for other in VERBS if is_known_too(frozenset(site.looked_at), verb, other)}
            assert found == group, verb
