"""Faults planted in a page without any: each is found by what walks every screen, and the page itself is found well."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Route

from tests.live import axe
from tests.live.browsing import Visitor, chromium
from tests.live.screens import Window

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens")]

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Planted</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width"><style>
body {{ margin: 0; color: #222; background: #fff; font: 16px/1.6 sans-serif; }} .bar {{ position: sticky; bottom: 0; background: #fff; }}
:is(a, button, input):focus {{ outline: 2px solid #06c; }} :is(a, button, input) {{ display: inline-block; min-height: 2rem; }}
@media (min-width: 800px) {{ .phone {{ display: none; }} }} @media (max-width: 799px) {{ .desk {{ display: none; }} }}
@media (min-width: 800px) {{ .fades {{ color: #ccc; }} }} @media (pointer: coarse) {{ .mouse {{ display: none; }} }} @media not (pointer: coarse) {{ .finger {{ display: none; }} }}
</style></head><body><header><a href="#main">To the text</a></header><main id="main"><h1>Planted</h1>
<p>Some words and <button type="button">a button</button></p>{}<p><label>Name <input name="name" autocomplete="name"></label></p>
<p style="height: 900px">A long page</p></main><footer class="bar"><a href="/elsewhere/">Elsewhere</a></footer></body></html>"""

WIDE, FAINT = "<p style='width: 2000px'>wide</p>", "<p style='color: #ccc'>faint</p>"
# To where focus is not, wherever the walk has come meanwhile.
TAKEN = "[...document.querySelectorAll('button, a')].find(one => one !== document.activeElement).focus()"
LATER = f"addEventListener('focusin', event => event.target.name && setTimeout(() => {TAKEN}, {{}}))"
# What is planted; the window that must find it; how what is found begins.
PLANTED = {
    "a button without a name": ("<button type='button'></button>", "both", "axe: button-name"),
    "a field without a label": ("<input name='other'>", "both", "axe: label"),
    "a picture without words": ("<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>", "both", "axe: image-alt"),
    "a link without words": ("<a href='/x/'></a>", "both", "axe: link-name"),
    "faint words": (FAINT, "both", "axe: color-contrast"),
    "faint words of the desk": (f"<div class='desk'>{FAINT}</div>", "desk", "axe: color-contrast"),
    "faint words of the phone": (f"<div class='phone'>{FAINT}</div>", "phone", "axe: color-contrast"),
    "a button of the desk without a name": ("<button class='desk'></button>", "desk", "axe: button-name"),
    "a role that there is not": ("<p role='buton'>x</p>", "both", "axe: aria-roles"),
    "a state that its role has not": ("<p aria-checked='true'>x</p>", "both", "axe: aria-allowed-attr"),
    "focus within what is hidden": ("<p aria-hidden='true'><a href='/x/'>x</a></p>", "both", "axe: aria-hidden-focus"),
    "a heading too deep": ("<h4>Deep</h4>", "both", "axe: heading-order"),
    "a second main": ("<main>x</main>", "both", "axe: landmark-no-duplicate-main"),
    "a list that is none": ("<ul><p>x</p></ul>", "both", "axe: list"),
    "buttons too small and too close": (
        "<p style='line-height: 0'>" + "<a href='/x/' style='min-height: 0; width: 9px; height: 9px'>x</a>" * 2 + "</p>",
        "both",
        "axe: target-size",
    ),
    "too wide": (WIDE, "both", "scrolls sideways"),
    "too wide on a phone": ("<p style='width: 600px'>wide</p>", "phone", "scrolls sideways"),
    "too wide on a desk": ("<p class='desk' style='width: 1400px'>wide</p>", "desk", "scrolls sideways"),
    "faint words for a finger": (f"<div class='finger'>{FAINT}</div>", "phone", "axe: color-contrast"),
    "faint words for a mouse": (f"<div class='mouse'>{FAINT}</div>", "desk", "axe: color-contrast"),
    "words that are faint on the desk": ("<p class='fades'>words</p>", "desk", "axe: color-contrast"),
    "words around the page that are faint on the desk": (
        "<script>addEventListener('load', () => document.querySelector('footer').insertAdjacentHTML('beforeend', '<b class=fades>words</b>'))</script>",
        "desk",
        "axe: color-contrast",
    ),
    "faint words once a script knows that the page is wide": (
        f"<div hidden id='later'>{FAINT}</div><script>addEventListener('resize', () => later.hidden = innerWidth < 800)</script>",
        "desk",
        "axe: color-contrast",
    ),
    "focus that is not seen": ("<button type='button' style='outline: 0'>x</button>", "keys", "focus not seen"),
    "a trap by a key": (
        "<button type='button' onkeydown='event.preventDefault()'>x</button>",
        "keys",
        "not reached: <input",
    ),
    "a trap after the key": (
        "<button type='button' id='trap'>x</button><script>addEventListener('keyup', () => document.querySelector('#trap').focus())</script>",
        "keys",
        "focus moves by itself to: <button",
    ),
    **{
        f"a trap by a timer of {after} ms": (f"<script>{LATER.format(after)}</script>", "keys", "focus moves by itself to: <")
        for after in (0, 20, 200)
    },
    "a page that takes focus again and again": (
        f"<script>setInterval(() => {TAKEN}, 100)</script>",
        "keys",
        "focus moves by itself to: <",
    ),
    "a link that the Tab key passes over": (
        "<div onkeydown='event.stopPropagation()'><a href='/x/' id='passed' onfocus='this.blur()'>x</a></div>"
        "<script>passed.addEventListener('focusin', event => event.stopImmediatePropagation())</script>",
        "keys",
        "not reached: <a href=\"/x/\"",
    ),
    "a file that the server fails at": (
        "<img src='/fails/' alt='x'>",
        "phone",
        "console: Failed to load resource: the server responded with a status of 503 (Service Unavailable) http://planted.localhost/fails/",
    ),
    "a script that fails": ("<script>nobody.knows()</script>", "phone", "script: "),
    "a script that fails once the page is wide": (
        "<script>matchMedia('(min-width: 800px)').addEventListener('change', () => nobody.knows())</script>", "desk", "script: ",
    ),
}  # fmt: skip
WINDOWS = {"both": {"phone", "desk"}, "keys": {"phone"}}


def answered(route: Route, page: str) -> None:
    status = 503 if route.request.url.endswith("/fails/") else 200
    route.fulfill(body=page, content_type="text/html", status=status)


def test_each_planted_fault_is_found_and_nothing_else():
    missed = []
    with chromium() as browser:
        window, served = Window(browser, name="planted"), {}
        window.base = "http://planted.localhost"
        window.context.route("**/*", lambda route: answered(route, served["page"]))
        for planted, (part, windows, begins) in {"nothing": ("", "", ""), **PLANTED}.items():
            served["page"] = PAGE.format(part)
            for name, found in window.faults("/").items():
                if name in WINDOWS.get(windows, {windows}):
                    missed += (
                        [] if any(one.startswith(begins) for one in found) else [f"{planted} on the {name}: {found}"]
                    )
                elif found:
                    missed.append(f"{planted} on the {name}, where it is not: {found}")
    assert not missed, "\n".join(missed)


# The same colours again and again, each understood in another way, on what lies over something else and beside what is not seen.
COLOURS = "".join(
    f"<div style='background: {ground}'><p style='color: {ink}'>{number} <b hidden>x</b><a href='/x/'>there</a></p></div>"
    for number in range(3)
    for ground in ("color-mix(in oklch, #fff 90%, navy)", "oklch(0.3 0.1 250)", "rgb(0 0 0 / 0.4)", "transparent")
    for ink in ("color-mix(in srgb, #777, white 40%)", "oklch(0.9 0.02 250)", "#222", "rgba(90, 90, 90, 0.7)")
)
# On black, near the limit: which of them are faint is another as soon as one of red, green and blue is taken for another.
NEAR = {
    "rgb(190 0 255)": False,
    "rgb(220 0 0)": True,
    "rgb(0 128 0)": True,
    "rgb(0 104 255)": True,
    "rgb(0 140 0)": False,
}
SHOWN = """ink => { document.body.innerHTML =
    `<main><h1>Ink</h1><p style="background: #000; color: ${ink}">words</p></main>`; }"""
BY_ITSELF = """async options => {
    const {violations} = await globalThis.axe.run(options);
    return violations.map(({id, nodes}) => ({id, nodes: nodes.slice(0, 2).map(({html}) => html.slice(0, 160))}));
}"""


def test_axe_finds_what_it_finds_by_itself():
    """Also when it looks at the same page once more: it has remembered nothing of how the page was."""
    page = PAGE.format(
        "".join(part for part, _windows, begins in PLANTED.values() if begins.startswith("axe")) + COLOURS
    )
    with chromium() as browser:
        ours, plain = (Visitor(browser, base="http://planted.localhost", name="x") for _window in range(2))
        for visitor in (ours, plain):
            visitor.context.route("**/*", lambda route: route.fulfill(body=page, content_type="text/html"))
            visitor.go("/")
        plain.page.evaluate(AXE_SCRIPT)
        for change in ("", "document.querySelectorAll('[style*=oklch]').forEach(one => one.style.color = 'red')"):
            for visitor in (ours, plain):
                visitor.page.evaluate(change)
            found, expected = ours.page.evaluate(axe.VIOLATIONS, axe.RULES), plain.page.evaluate(BY_ITSELF, axe.RULES)
            assert seen(found) == seen(expected)
            assert len(found) > 10
        for ink, is_faint in NEAR.items():
            ours.page.evaluate(SHOWN, ink)
            faint = any(one["id"] == "color-contrast" for one in ours.page.evaluate(axe.VIOLATIONS, axe.RULES))
            assert faint == is_faint, ink


def seen(violations: list[dict]) -> list[tuple[str, list[str]]]:
    """Which rule, and the tags that begin what it found: of a large element axe by itself says no more."""
    return [(one["id"], [html.partition(">")[0] for html in one["nodes"]]) for one in violations]
