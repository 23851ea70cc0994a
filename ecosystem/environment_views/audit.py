"""The audit log: searched, one entry read, taken away as a file."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ecosystem.access import requires
from ecosystem.audit_selectors import AuditWish, audit_found, links_of, places_below
from ecosystem.audit_words import act_words, acts_by_words, differences_of
from ecosystem.exceptions import EcosystemError
from ecosystem.models import AuditEntry, Environment
from ecosystem.people_views.reading import number_of, row_or_404, text_of
from ecosystem.proof import proof_required
from ecosystem.rules import may_set
from ecosystem.scope import open_scope
from ecosystem.services.audit_exports import audit_export

TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}


@requires(may_set)
def index(request: HttpRequest) -> HttpResponse:
    """Search as a plain GET form: every result has an address."""
    place, places = _place(request, request.GET)
    wish = _wish(request.GET)
    with _looking_at(request, place):
        page = audit_found(wish=wish)
    kept = _kept(request, place, wish)
    rows = [
        {"entry": entry, "act": act_words(entry.act), "href": _href(entry, place, request)} for entry in page.entries
    ]
    context = {
        "rows": rows,
        "wish": wish,
        "kept": kept,
        "acts": acts_by_words(),
        "place": place,
        "places": places,
        "narrowed": [(label, _without(kept, names)) for label, names in _narrowings(wish, page.entries)],
        "filtered": any(name != "environment" for name in kept),
        "next": "?" + urlencode({**kept, "after": page.next}) if page.next else "",
        "first": "?" + urlencode(kept) if wish.after else "",
    }
    return render(request, "ecosystem/environments/audit.html", context)


@requires(may_set)
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry with what it changed, and its place in the chain."""
    place, _places = _place(request, request.GET)
    with _looking_at(request, place):
        row = row_or_404(AuditEntry.objects.all(), pk)
        link = links_of(entries=[row]).get(row.pk)
    at = {} if place.pk == _here(request).pk else {"environment": place.slug}
    context = {
        "entry": row,
        "act": act_words(row.act),
        "differences": differences_of(row),
        "place": place,
        "link": link,
        "is_elsewhere": bool(at),
        "list": "?" + urlencode(at) if at else "",
        "by_same": "?" + urlencode({**at, "actor": row.actor_id}) if row.actor_id else "",
        "of_same": "?" + urlencode({**at, "model": row.model, "object": row.object_id}) if row.object_id else "",
    }
    return render(request, "ecosystem/environments/audit_entry.html", context)


@requires(may_set)
@require_POST
@proof_required
def export(request: HttpRequest) -> HttpResponse:
    """What was searched for, as a file that is written while it is sent."""
    place, _places = _place(request, request.POST)
    kind = request.POST.get("kind", "")
    try:
        lines = audit_export(wish=_wish(request.POST), kind=kind, environment=place, by=request.membership)  # type: ignore[attr-defined]
    except EcosystemError:
        raise Http404 from None
    name = f"audit-{place.slug}-{timezone.localdate():%Y-%m-%d}.{kind}"
    return StreamingHttpResponse(
        (line.encode() for line in lines),
        content_type=TYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


def _here(request: HttpRequest) -> Environment:
    return request.environment  # type: ignore[attr-defined, no-any-return]


def _place(request: HttpRequest, query: QueryDict) -> tuple[Environment, list[Environment]]:
    """The environment to look at, this one or one below it, and all that can be chosen."""
    places = places_below(environment_id=_here(request).pk)
    slug = text_of(query, "environment") or _here(request).slug
    found = next((place for place in places if place.slug == slug), None)
    if found is None:
        raise Http404
    return found, places


def _looking_at(request: HttpRequest, place: Environment) -> Any:
    return open_scope(environment_id=place.pk, person_id=request.membership.person_id)  # type: ignore[attr-defined]


def _wish(query: QueryDict) -> AuditWish:
    return AuditWish(
        text=text_of(query, "q"),
        who=text_of(query, "who"),
        act=text_of(query, "act")[:80],
        actor=number_of(query, "actor"),
        model=text_of(query, "model")[:80],
        object_id=text_of(query, "object")[:64],
        since=_day(query, "since"),
        until=_day(query, "until"),
        after=number_of(query, "after"),
    )


def _day(query: QueryDict, name: str) -> date | None:
    """A day that can be searched for; anything else is no wish."""
    try:
        day = parse_date(text_of(query, name))
    except ValueError:
        return None
    return day if day and 1900 < day.year < 9000 else None


def _kept(request: HttpRequest, place: Environment, wish: AuditWish) -> dict[str, Any]:
    """The search as an address has it, without the page."""
    names = {"text": "q", "object_id": "object"}
    values = {names.get(name, name): value for name, value in asdict(wish).items() if name != "after"}
    kept = {name: value for name, value in values.items() if value not in ("", None)}
    return kept if place.pk == _here(request).pk else {**kept, "environment": place.slug}


def _narrowings(wish: AuditWish, entries: list[AuditEntry]) -> list[tuple[str, set[str]]]:
    """What stands in the address and in no field of the form, as words to click away."""
    found = []
    if wish.actor is not None:
        name = entries[0].actor_name if entries else ""
        found.append((_("Only by %(name)s") % {"name": name or wish.actor}, {"actor"}))
    if wish.object_id:
        name = entries[0].object_name if entries else ""
        found.append((_("Only about %(name)s") % {"name": name or wish.object_id}, {"model", "object"}))
    return found


def _without(kept: dict[str, Any], names: set[str]) -> str:
    return "?" + urlencode({name: value for name, value in kept.items() if name not in names})


def _href(entry: AuditEntry, place: Environment, request: HttpRequest) -> str:
    at = "" if place.pk == _here(request).pk else "?" + urlencode({"environment": place.slug})
    return f"{entry.pk}/{at}"
