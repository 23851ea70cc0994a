"""``/dev/tool/`` on the isolated host: the tool of ``lti/practice``. Only in development; elsewhere these addresses do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ecosystem.access import requires
from ecosystem.isolated import site_origin
from ecosystem.rules import anyone
from ecosystem.serving import framed
from lti.practice import talk, tool

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'"


def _of_the_tool(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Whoever comes is known by what was signed and by no cookie, so nothing can be forged in their name."""

    @csrf_exempt
    @requires(anyone)
    @never_cache
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        if not tool.is_here():
            raise Http404
        try:
            return require_POST(view)(request)
        except tool.PracticeError as refusal:
            return _page(request, {"refusal": str(refusal)}, status=400)

    return inner


@_of_the_tool
def login(request: HttpRequest) -> HttpResponse:
    """Led on by GET, on which the session of the site comes along in a frame too."""
    asked = {name: str(value) for name, value in request.POST.items()}
    return HttpResponseRedirect(tool.question_for(platform=site_origin(request), asked=asked))


@_of_the_tool
def start(request: HttpRequest) -> HttpResponse:
    given = request.POST
    visit = tool.visit_of(platform=site_origin(request), state=given.get("state", ""), token=given.get("id_token", ""))
    return _conversation(request, visit)


@_of_the_tool
def say(request: HttpRequest) -> HttpResponse:
    """One answer; after the last one the score goes to the platform. ``again`` begins anew."""
    visit = tool.visit_read(request.POST.get("visit", ""))
    choice = request.POST.get("choice", "")
    if "again" in request.POST:
        visit["said"] = []
    elif len(visit["said"]) < len(talk.TURNS):
        if choice not in {"0", "1", "2"}:
            return _conversation(request, visit, missing=True)
        visit["said"].append(int(choice))
    if len(visit["said"]) < len(talk.TURNS):
        return _conversation(request, visit)
    try:
        tool.score_say(visit)
    except tool.PracticeError as refusal:
        return _conversation(request, visit, unsent=str(refusal))
    return _conversation(request, visit)


def _conversation(
    request: HttpRequest, visit: dict[str, Any], *, missing: bool = False, unsent: str = ""
) -> HttpResponse:
    said = visit["said"]
    turns = [(turn.says, turn.answers[at]) for turn, at in zip(talk.TURNS, said, strict=False)]
    over = len(said) == len(talk.TURNS)
    points = talk.points_of(said) if over else 0
    context = {
        "visit": visit, "kept": tool.visit_kept(visit), "opening": talk.OPENING, "language": talk.LANGUAGE, "turns": turns,
        "turn": None if over else talk.TURNS[len(said)], "number": len(said) + 1, "of": len(talk.TURNS), "missing": missing,
        "over": over, "unsent": unsent, "points": points, "most": talk.MOST, "comment": talk.comment_on(points),
    }  # fmt: skip
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    locale = context.get("visit", {}).get("locale", "en")
    with translation.override(locale if translation.check_for_language(locale) else "en"):
        answer = render(request, "lti/practice.html", context, status=status)
    return framed(answer, POLICY, by=site_origin(request))  # type: ignore[return-value]
