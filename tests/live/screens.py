"""Every screen that the resolver knows and that stands by itself, and what must be true of each in a browser."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import Client

from tests.guards.cross_routes import routes
from tests.live.browsing import DESKTOP, PHONE, Visitor

# What is no screen of ours: it leaves, or is a page of a library that ours stand before.
NO_SCREEN = ("admin/password_change", "admin/jsi18n", "api/docs/")
# Of the admin the same list comes back for each model; these stand for them.
OF_ADMIN = ("admin/ecosystem/element/", "admin/notifications/mail/", "admin/gardening/kpi/")


def screens(client: Client) -> Iterator[str]:
    """The addresses without a row in them that answer this person with a page."""
    for route in routes():
        is_left_out = route.is_api or route.parameters or route.template.startswith(NO_SCREEN)
        if is_left_out or (
            route.template.count("/") > 1
            and route.template.startswith("admin/")
            and not route.template.startswith(OF_ADMIN)
        ):
            continue
        answer = client.get(f"/{route.template}")
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            yield f"/{route.template}"


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
    const one = event.target, marked = [one, ...one.labels ?? [], one.closest('label,.tcard,.radio'), one.parentElement].filter(Boolean);
    const shows = marked.some(place => { const style = getComputedStyle(place);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; });
    window.reached.set(one, shows);
  });
  document.activeElement?.blur();
  // Within a date or a time each part of it is a stop.
  return found.length + 5 * found.filter(one => ['date', 'time', 'datetime-local'].includes(one.type)).length;
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
