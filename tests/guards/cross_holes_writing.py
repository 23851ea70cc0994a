"""Planted holes that change rows of another tenant."""

from __future__ import annotations

import json

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import path

from content.models import Page
from ecosystem.models import Credit
from memotrainer.models import Card
from tests.guards.cross_planted import everything, members_only, number, sent_by


@members_only
def bulk_in_json(request: HttpRequest) -> HttpResponse:
    ids = [number(one) for one in sent_by(request).get("ids", [])]
    everything.filter(pk__in=ids).update(minutes=99)
    return HttpResponse("done")


@members_only
def chosen_rows(request: HttpRequest) -> HttpResponse:
    """As an action on the list of the admin."""
    everything.filter(pk__in=map(number, request.POST.getlist("_selected_action"))).update(minutes=98)
    return HttpResponse("done")


@members_only
def nested_in_json(request: HttpRequest) -> HttpResponse:
    cards = [number(item.get("card")) for item in sent_by(request).get("items", [])]
    if request.method == "PUT":
        Card._base_manager.filter(pk__in=cards).update(lapses=F("lapses") + 1)
    return HttpResponse("done")


@members_only
def deletes(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "DELETE":
        Credit._base_manager.filter(element__slug=slug).delete()
    return HttpResponse("gone")


@members_only
def deletes_by_body(request: HttpRequest) -> HttpResponse:
    ids = [number(one) for one in sent_by(request).get("ids", [])]
    if request.method == "DELETE":
        Credit._base_manager.filter(element_id__in=ids).delete()
    return HttpResponse("gone")


@members_only
def looks_at_the_body_last(request: HttpRequest) -> HttpResponse:
    """Any other method is done with before the body is looked at."""
    if request.method == "DELETE":
        ids = [number(one) for one in sent_by(request).get("ids", [])]
        everything.filter(pk__in=ids).update(minutes=96)
    return HttpResponse("done")


@members_only
def reads_the_stream(request: HttpRequest) -> HttpResponse:
    """Not a form, it says, and reads on as from a file."""
    if request.method == "POST" and "pk" not in request.POST:
        sent = json.load(request)
        everything.filter(pk=number(sent.get("pk") if isinstance(sent, dict) else 0)).update(minutes=95)
    return HttpResponse("done")


@members_only
def changes_on_get(request: HttpRequest, slug: str) -> HttpResponse:
    everything.filter(slug=slug).update(minutes=7)
    return HttpResponse("looked")


@members_only
def patch_only(request: HttpRequest, slug: str) -> HttpResponse:
    if request.method == "PATCH":
        everything.filter(slug=slug).update(why="changed")
    return HttpResponse("same")


@members_only
def put_only(request: HttpRequest, slug: str) -> HttpResponse:
    """Update or create, by a key that is unique per tenant only."""
    if request.method == "PUT":
        everything.filter(slug=slug).update(summary="put")
    return HttpResponse("same")


@members_only
def places_elsewhere(request: HttpRequest) -> HttpResponse:
    """A new row in the tenant that the form names."""
    place = number(request.POST.get("environment"))
    if everything.filter(environment_id=place).exists():
        everything.create(environment_id=place, kind="page", slug="planted", title="Planted")
    return HttpResponse("saved")


@members_only
def crosses_at_commit(request: HttpRequest) -> HttpResponse:
    """A reference to the other's row that only the database refuses, when it is too late to say so."""
    wish = number(request.POST.get("source"))
    row = Page._base_manager.filter(environment=request.environment).first()  # type: ignore[attr-defined]
    if wish and row:
        Credit._base_manager.filter(element_id=row.element_id).update(element_id=wish)
    return HttpResponse("saved")


HOLES = [
    path("bulk-in-json/", bulk_in_json),
    path("chosen-rows/", chosen_rows),
    path("writes-nested-in-json/", nested_in_json),
    path("deletes/<slug:slug>/", deletes),
    path("deletes-by-body/", deletes_by_body),
    path("looks-at-the-body-last/", looks_at_the_body_last),
    path("reads-the-stream/", reads_the_stream),
    path("changes-on-get/<slug:slug>/", changes_on_get),
    path("patch-only/<slug:slug>/", patch_only),
    path("put-only/<slug:slug>/", put_only),
    path("places-elsewhere/", places_elsewhere),
    path("crosses-at-commit/", crosses_at_commit),
]
