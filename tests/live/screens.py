"""Every screen that the resolver knows, with rows of the scene in its address, and what must be true of each in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client

from tests.guards.cross_routes import Filler, Route, routes
from tests.guards.twins import Twin
from tests.live.browsing import DESKTOP, PHONE, Visitor

# Who sees it: the first to whom it opens.
ROLES = ("admin", "learner", "author")
# What is no screen: it leaves, shows itself within another, or is a page of the library that ours stand before.
NO_SCREEN = ("accounts/logout/", "me/transcript.pdf", "people/faces/", "theme/", "pictures/", "static/", "settings/look/preview/", "admin/password_change", "packages/", "api/docs/")
# Of the admin the same pages come back for each model; these stand for them, whose forms have every kind of field.
OF_ADMIN = ("admin/", "admin/ecosystem/element/", "admin/notifications/mail/", "admin/assessments/question/")


MOST_FILLS = 3  # of somebody other than the administrator, to whom most pages open


@dataclass(frozen=True)
class Screen:
    template: str
    path: str
    role: str


def screens(twin: Twin, *, of_admin: tuple[str, ...] = OF_ADMIN) -> Iterator[Screen]:
    """One for each page that answers 200 with HTML to somebody of the environment."""
    filler, clients = Filler(twin), {}
    for role in ROLES:
        clients[role] = Client(HTTP_HOST=twin.host, raise_request_exception=False)
        clients[role].cookies["session"] = twin.sessions[role]
    for route in routes():
        if route.is_api or route.template.startswith(NO_SCREEN):
            continue
        if route.template.startswith("admin/") and not (
            route.template == "admin/" or route.template.startswith(of_admin[1:])
        ):
            continue
        found = _screen(route, twin, filler, clients)
        if found:
            yield found


def _screen(route: Route, twin: Twin, filler: Filler, clients: dict[str, Client]) -> Screen | None:
    fills = filler.real(route, twin)
    for role, client in clients.items():
        for values in (fills if role == "admin" else fills[:MOST_FILLS]):
            answer = client.get(route.path(values))
            if answer.status_code == 405:
                return None
            if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
                return Screen(route.template, route.path(values), role)
    return None


# What somebody can come to with the Tab key, once each (of radio buttons one for a group).
REACHABLE = """() => {
  const seen = new Set(), found = [];
  for (const one of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"],[contenteditable=true]')) {
    if (one.disabled || one.tabIndex < 0 || one.closest('[inert]') || !one.checkVisibility({visibilityProperty: true, opacityProperty: false})) continue;
    if (one.type === 'radio') { const group = one.form?.id + one.name; if (seen.has(group)) continue; seen.add(group); }
    found.push(one);
  }
  window.reachable = found; window.reached = new Map();
  addEventListener('focusin', event => {
    const one = event.target, marked = [one, ...one.labels ?? [], one.closest('label'), one.parentElement].filter(Boolean);
    const shows = marked.some(place => { const style = getComputedStyle(place);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; });
    window.reached.set(one, shows);
  });
  document.activeElement?.blur();
  return found.length;
}"""
MISSED = """() => {
  const said = one => one.outerHTML.slice(0, 120);
  const group = one => one.type === 'radio' && [...window.reached.keys()].some(other => other.type === 'radio' && other.name === one.name);
  return [
    ...window.reachable.filter(one => one.isConnected && !window.reached.has(one) && !group(one)).map(one => 'not reached: ' + said(one)),
    ...[...window.reached].filter(([, shows]) => !shows).map(([one]) => 'focus not seen: ' + said(one)),
  ];
}"""
WIDE = """() => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth - most <= 1) return [];
  const wide = [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > most + 1);
  return ['scrolls sideways at ' + most + ': ' + (wide[0]?.outerHTML.slice(0, 120) ?? '?')];
}"""


def walked_by_keyboard(visitor: Visitor) -> list[str]:
    """With nothing but the Tab key: what was not reached, and where focus cannot be seen."""
    count = visitor.page.evaluate(REACHABLE)
    for _press in range(count + 4):
        visitor.page.keyboard.press("Tab")
    return visitor.page.evaluate(MISSED)


def too_wide(visitor: Visitor) -> list[str]:
    found = []
    for size in (DESKTOP, PHONE):
        visitor.page.set_viewport_size(size)
        found += visitor.page.evaluate(WIDE)
    return found
