"""Every screen that the resolver knows, and what must be true of each in a browser."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.http import HttpResponse
from django.test import Client

from tests.guards.cross_routes import Filler, Route, routes
from tests.guards.twins import Twin
from tests.live import axe
from tests.live.browsing import DESKTOP, PHONE, Visitor

# What is no screen of ours: it leaves, or is a page of a library that ours stand before.
NO_SCREEN = ("admin/password_change", "admin/jsi18n", "api/docs/")
# Of the admin the same list comes back for each model; these stand for them.
OF_ADMIN = (
    "admin/ecosystem/element/",
    "admin/notifications/mail/",
    "admin/gardening/kpi/",
    "admin/assessments/attempt/",
)

# So long, in ms, the walk of a page takes, also of one with two buttons: a timer has 200 to take focus away.
LEAST = 350

PAGE, NEVER, ELSEWHERE = "a page", "no page, with whatever row", "perhaps with another row or person"


@dataclass(frozen=True)
class Screen:
    """A page, as this person was answered."""

    client: Client
    path: str
    answer: HttpResponse

    @property
    def host(self) -> str:
        return str(self.client.defaults["HTTP_HOST"])

    @property
    def cookies(self) -> dict[str, str]:
        """Who asked, and in which language."""
        return {name: self.client.cookies[name].value for name in ("session", "language")}


def screens(client: Client) -> Iterator[Screen]:
    """The pages at addresses without a row in them, of this person."""
    for route in routes():
        if not route.parameters and is_ours(route):
            screen, answered = _asked(client, f"/{route.template}")
            if answered == PAGE:
                yield screen


def screens_of_rows(twin: Twin, *clients: Client) -> Iterator[Screen]:
    """One page of each route with a row in it, of the first of these people who is answered with one."""
    filler = Filler(twin)
    for route in routes():
        if not route.parameters or not is_ours(route):
            continue
        for client, path in ((client, route.path(values)) for values in filler.real(route, twin) for client in clients):
            screen, answered = _asked(client, path)
            if answered == PAGE:
                yield screen
            if answered in (PAGE, NEVER):
                break


def is_ours(route: Route) -> bool:
    """Whether it may be a screen; of the admin a few stand for all."""
    is_one_of_many = route.template.count("/") > 1 and route.template.startswith("admin/")
    return (
        not route.is_api
        and not route.template.startswith(NO_SCREEN)
        and (not is_one_of_many or route.template.startswith(OF_ADMIN))
    )


def language_of(path: str) -> str:
    """Dutch, or for one screen of four English: of each screen always the same, whichever others there are."""
    return "nl" if crc32(path.encode()) % 4 else "en"


def _asked(client: Client, path: str) -> tuple[Screen, str]:
    client.cookies["language"] = language_of(path)
    answer = client.get(path)
    if answer.streaming:  # a file: read to its end, or it stays open
        b"".join(answer)
    return Screen(client, path, answer), _kind_of(answer)


def _kind_of(answer: HttpResponse) -> str:
    if answer.status_code == 200:
        return PAGE if answer.headers.get("Content-Type", "").startswith("text/html") else NEVER
    return NEVER if answer.status_code == 405 else ELSEWHERE


# What somebody can come to with the Tab key, once each (of radio buttons one for a group).
REACHABLE = """async () => {
  // What a page itself asks to have focus gets it with the first frame, which on a busy machine comes after the load.
  for (const _frame of [1, 2]) await new Promise(requestAnimationFrame);
  const seen = new Set(), found = [];
  for (const one of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex="0"],[contenteditable=true]')) {
    if (one.matches(':disabled') || one.tabIndex < 0 || one.closest('[inert]') || !one.checkVisibility({visibilityProperty: true, opacityProperty: false})) continue;
    if (one.type === 'radio') { const group = one.form?.id + one.name; if (seen.has(group)) continue; seen.add(group); }
    found.push(one);
  }
  window.reachable = found; window.reached = new Map(); window.moved = new Set();
  // One key moves focus once. What moves it between the keys, such as a timer, takes it from whoever is there.
  let pressed = false;
  addEventListener('keydown', () => { pressed = true; }, true);
  addEventListener('keyup', () => { pressed = false; }, true);
  addEventListener('focusin', event => {
    if (!pressed) window.moved.add(event.target);
    pressed = false;
    const one = event.target, marked = [one, ...one.labels ?? [], one.closest('label,.tcard,.radio'), one.parentElement].filter(Boolean);
    const shows = marked.some(place => { const style = getComputedStyle(place);
      return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'; });
    window.reached.set(one, shows);
  });
  document.activeElement?.blur();
  window.walkBegan = performance.now();
  // Within a date or a time each part of it is a stop.
  return found.length + 5 * found.filter(one => ['date', 'time', 'datetime-local'].includes(one.type)).length;
}"""
# Waited for in the page: on a busy machine its timers are late, and what is due before this comes before it.
MISSED = """async least => {
  await new Promise(go => setTimeout(go, window.walkBegan + least - performance.now()));
  const said = one => one.outerHTML.slice(0, 120);
  const group = one => one.type === 'radio' && [...window.reached.keys()].some(other => other.type === 'radio' && other.name === one.name);
  return [
    ...window.reachable.filter(one => one.isConnected && !window.reached.has(one) && !group(one)).map(one => 'not reached: ' + said(one)),
    ...[...window.reached].filter(([, shows]) => !shows).map(([one]) => 'focus not seen: ' + said(one)),
    ...[...window.moved].map(one => 'focus moves by itself to: ' + said(one)),
  ];
}"""
# How wide the window is, how high the page, and what is too wide for it: once scripts that listen have heard how wide the window
# has become, and style sheets whether a finger touches it, which takes some time on a busy machine.
HIGH_AND_WIDE = """async isTouched => {
  document.activeElement?.blur();
  const asTold = () => matchMedia('(pointer: coarse)').matches === isTouched, until = performance.now() + 5000;
  do await new Promise(requestAnimationFrame); while (!asTold() && performance.now() < until);
  const {clientWidth, scrollWidth, scrollHeight} = document.documentElement;
  if (!asTold()) return [0, 0, []];
  if (scrollWidth - clientWidth <= 1) return [innerWidth, scrollHeight, []];
  const wide = [...document.querySelectorAll('main *')].filter(one => one.getBoundingClientRect().right > clientWidth + 1);
  return [innerWidth, scrollHeight, ['scrolls sideways at ' + clientWidth + ': ' + (wide[0]?.outerHTML.slice(0, 120) ?? '?')]];
}"""
# On the phone: what goes around the page, as a number, the same for the same elements, words and style sheets; and in mind how
# the page itself looks there.
AROUND = """() => {
  const main = document.querySelector('main'), elsewhere = document.implementation.createHTMLDocument();  // where no picture is loaded
  const around = elsewhere.importNode(document.documentElement, true);
  for (const one of around.querySelectorAll('main, title, meta')) one.remove();
  for (const one of around.querySelectorAll('[value], [aria-current], a[href]'))
    for (const name of ['value', 'aria-current', 'href']) one.removeAttribute(name);
  let number = 0;
  for (const letter of around.outerHTML) number = Math.imul(number ^ letter.codePointAt(), 0x5bd1e995) ^ number >>> 15;
  const looksOf = one => { const {color, backgroundColor} = getComputedStyle(one); return one.checkVisibility() && color + backgroundColor; };
  const within = () => [...document.querySelectorAll('main *')].map(one => [one, looksOf(one)]), onPhone = new Map(within());
  window.looksOther = () => !main || within().some(([one, looks]) => looks && looks !== onPhone.get(one));
  return number;
}"""
# How wide and high, and what axe finds, unless the page goes on below the edge, or it would be asked of the same once more: where
# what goes around the page is known from other pages and the page itself shows nothing new, nor in another colour.
LOOKED = f"""async ([isTouched, isKnown, options]) => {{
  const [width, height, wide] = await ({HIGH_AND_WIDE})(isTouched);
  if (isKnown && !window.looksOther()) return [width, height, wide, []];
  return [width, height, wide, height > innerHeight ? null : await ({axe.VIOLATIONS})(options)];
}}"""


SIZES = {"phone": PHONE, "desk": DESKTOP}


class Window(Visitor):
    """A phone that becomes as wide as a desk: what a page shows on either is looked at without loading it twice.

    Pages are laid out as ever, but only a corner is drawn: nobody looks at the pictures, which cost a fifth of it all.
    """

    def __init__(self, browser: Any, *, name: str) -> None:
        super().__init__(browser, base="", name=name, phone=False)
        self._devtools = self.context.new_cdp_session(self.page)
        self._devtools.send("Emulation.setVisibleSize", {"width": 8, "height": 8})
        self._is: tuple[str, dict[str, int]] | None = None
        self.known: set[int] = set()  # of what goes around pages, that nothing was wrong with on the desk

    def becomes(self, name: str, *, height: int = 0) -> None:
        """As wide as that, and at least as high; who has a phone touches it."""
        size = {"width": SIZES[name]["width"], "height": max(SIZES[name]["height"], height)}
        if (name, size) == self._is:
            return
        if self._is is None or self._is[0] != name:
            self._devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": name == "phone"})
        self._is = name, size
        # Said by the way of playwright, it would be drawn as large too.
        how = {"deviceScaleFactor": 1, "mobile": False, "dontSetVisibleSize": True}
        self._devtools.send("Emulation.setDeviceMetricsOverride", {**size, **how})

    def faults(self, path: str, *, spared: Collection[str] = ()) -> dict[str, list[str]]:
        """What is wrong with the page on a phone and on a desk; without the rules of axe that are spared."""
        self.becomes("phone")
        self.go(path)
        walk_by_keyboard(self)
        height, on_phone = self._looked_on_phone(spared)
        around = self.page.evaluate(AROUND)
        on_desk = self._looked_on_desk(spared, height=height, is_known=not on_phone and around in self.known)
        if not on_desk:
            self.known.add(around)
        found = {"phone": on_phone, "desk": on_desk}
        found["phone"] += self.page.evaluate(MISSED, LEAST)
        return found

    def press_tab(self, times: int) -> None:
        """So often, one after the other as the browser takes them: to hear of each before the next costs half as much again."""
        key = {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
        devtools = self._devtools._impl_obj

        async def pressed() -> None:
            told = [{"type": way, **key} for _press in range(times) for way in ("rawKeyDown", "keyUp")]
            await asyncio.gather(*(devtools.send("Input.dispatchKeyEvent", event, None) for event in told))

        self._devtools._sync(pressed())

    def _looked_on_phone(self, spared: Collection[str]) -> tuple[int, list[str]]:
        """Also how high the page is."""
        self.becomes("phone")
        width, height, wide = self.page.evaluate(HIGH_AND_WIDE, True)
        return height, wide + self._in_high_window("phone", width, height, spared)

    def _looked_on_desk(self, spared: Collection[str], *, height: int, is_known: bool) -> list[str]:
        """At once in a window as high as the page was on the phone: hardly ever it is higher on the desk."""
        self.becomes("desk", height=_high(height))
        width, height, wide, found = self.page.evaluate(LOOKED, [False, is_known, axe.RULES])
        return wide + self._in_high_window("desk", width, height, spared, found=found)

    def _in_high_window(
        self, name: str, width: int, height: int, spared: Collection[str], *, found: list[dict[str, Any]] | None = None
    ) -> list[str]:
        """In a window as high as the page, so that no bar that sticks to its edge lies over what scrolls below it. ``found``:
        what axe has found in such a window already."""
        assert width == SIZES[name]["width"], (
            f"the page is {width} wide, or not touched as it should be: it was to be a {name}"
        )
        if found is None:
            self.becomes(name, height=_high(height))
            found = self.page.evaluate(axe.VIOLATIONS, axe.RULES)
        said = self.wrong + [f"axe: {one}" for one in sorted({one["id"] for one in found} - set(spared))]
        self.wrong.clear()
        return said


def _high(height: int) -> int:
    return min(height + 200, 8000)


def walk_by_keyboard(window: Window) -> None:
    """With nothing but the Tab key; what was not reached, where focus cannot be seen and where it moves by itself is MISSED."""
    window.press_tab(window.page.evaluate(REACHABLE) + 4)
