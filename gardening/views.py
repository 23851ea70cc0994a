"""The garden: what needs care, the map, and one element."""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecosystem.access import requires
from ecosystem.models import ConnectionKind
from ecosystem.people_views.reading import actor
from ecosystem.rules import is_gardener
from events.demand import FEWEST, wanted
from events.selectors import events_for
from gardening.drawing import draw
from gardening.selectors import care_list, charter_of_environment, garden_map, inventory, kpi_figure, panel_of
from gardening.services import map_layout


@requires(is_gardener)
def home(request: HttpRequest) -> HttpResponse:
    """What needs care first, and what it is all for."""
    now = timezone.now()
    items = inventory(now=now)
    levels = Counter(item.health.level for item in items)
    context = {
        "care": care_list(items),
        "count": len(items),
        "levels": levels,
        "charter": charter_of_environment(),
        "kpi": kpi_figure(now),
        "wanted": wanted(events_for(actor(request)), fewest=FEWEST),
    }
    return render(request, "gardening/home.html", context)


@requires(is_gardener)
def ecosystem_map(request: HttpRequest) -> HttpResponse:
    """The map and its twin in words. The first visit after a change saves the new places."""
    everything = request.GET.get("all") == "1"
    items = inventory(now=timezone.now())
    garden = garden_map(items)
    nodes = map_layout(garden=garden)
    if everything:  # laid out after the usual map, so that this one keeps its places
        garden = garden_map(items, everything=True)
        nodes = map_layout(garden=garden)
    levels = Counter(item.health.level for item in garden.items)
    order = {"bad": 0, "warn": 1, "ok": 2}
    context = {
        "garden": garden,
        "drawing": draw(garden, nodes),
        "levels": levels,
        "listed": sorted(garden.items, key=lambda item: (order[item.health.level], item.element.title)),
        "kinds": ConnectionKind.choices,
        "everything": everything,
    }
    return render(request, "gardening/map.html", context)


@requires(is_gardener)
def element(request: HttpRequest, slug: str) -> HttpResponse:
    panel = panel_of(slug=slug, now=timezone.now())
    if panel is None:
        raise Http404
    return render(request, "gardening/element.html", {"panel": panel, "item": panel.item})
