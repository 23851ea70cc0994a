"""Headless Chromium: pages that must be free of accessibility and script errors.

The walk keeps a picture of each page that is looked at, on the phone and where said on the desk too, in artefacts/screenshots.
So does each other test with `GROVE_PICTURES=1`; of a test that fails a picture of each open window is always kept.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.databases import ROOT
from tests.live import axe, driver

SHOTS = ROOT / "artefacts" / "screenshots"
PICTURES = os.environ.get("GROVE_PICTURES") == "1"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
Scheme = Literal["light", "dark"]
DAY: Scheme = "light"
NIGHT: Scheme = "dark"
BOTH = (DAY, NIGHT)
ARGUMENTS = [
    # On a busy machine the watchdog takes a slow drawing process for a hung one, and after some of those Chromium quits.
    *("--disable-gpu", "--disable-gpu-watchdog", "--disable-hang-monitor"),
    *("--no-zygote", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"),
    # A site elsewhere may hold ours in a frame, which is this machine here.
    "--disable-features=LocalNetworkAccessChecks",
    # A page lives for seconds: to compile its scripts, and axe anew on each page, into the fastest code costs more than that
    # code saves (a quarter of all that the browser does). What the scripts do is the same.
    # Nor does it pay to collect what a page leaves behind while it is looked at, or with threads of its own.
    "--js-flags=--no-opt,--no-maglev,--single-threaded,--max-semi-space-size=64,--min-semi-space-size=32",
]
# What is said of a page that somebody was sent to, when the one before goes elsewhere or to the same by itself.
ANOTHER = ("interrupted by another navigation", "net::ERR_ABORTED")
# Once nothing moves any more, what moves after something else included: how high the page is, by how much it is too wide, and
# whether it goes on below the edge.
SIZE = """async () => {
    do {
        await new Promise(requestAnimationFrame);
        await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
    } while (document.getAnimations().length);
    const {scrollHeight, scrollWidth, clientHeight, clientWidth} = document.documentElement;
    return [scrollHeight, scrollWidth - clientWidth, scrollHeight > clientHeight];
}"""


def launch_options() -> dict[str, Any]:
    """Which program, and how it is started; `./grove test` says where it is."""
    environment = dict(os.environ)
    if libraries := environment.get("CHROMIUM_LIBS"):
        environment["LD_LIBRARY_PATH"] = f"{libraries}:{environment.get('LD_LIBRARY_PATH', '')}"
    return {"executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"), "args": ARGUMENTS, "env": environment}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser."""
    with driver.playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        try:
            yield browser
        except BaseException:
            _keep_what_is_open(browser)
            raise
        finally:
            browser.close()


def _keep_what_is_open(browser: Browser) -> None:
    """What each window shows when a test fails, beside its address."""
    test = os.environ.get("PYTEST_CURRENT_TEST", "").split(" ")[0].rsplit("::", 1)[-1]
    SHOTS.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(page for context in browser.contexts for page in context.pages):
        with suppress(Error):  # the browser may be what has failed
            page.screenshot(path=SHOTS / f"failed-{test}-{number}.png", timeout=5_000)
            print(f"failed-{test}-{number}.png: {page.url}")


class Visitor:
    """One person's browser window; every page it looks at is checked, in each of these colour schemes."""

    def __init__(
        self,
        browser: Any,
        *,
        base: str,
        name: str,
        schemes: Sequence[Scheme] = (DAY,),
        phone: bool = True,
        pictures: bool = PICTURES,
    ) -> None:
        self.base, self.name, self.schemes, self.pictures = base, name, schemes, pictures
        self.context: BrowserContext = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            color_scheme=schemes[0],
            has_touch=phone,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        self.page: Page = self.context.new_page()
        self.page.add_init_script(axe.LOADED)
        self.wrong: list[str] = []
        self.looked_at: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self._fault(f"script: {error}"))

    def _fault(self, what: str) -> None:
        print(f"{self.name}: {what}")  # shown too when the test fails for want of what comes after it
        self.wrong.append(what)

    def _note(self, message: ConsoleMessage) -> None:
        """What the server fails at is said here too, which costs less than to hear of each answer."""
        if message.type == "error" and "404" not in message.text and "403" not in message.text:
            where = f" {message.location['url']}" if "a status of 5" in message.text else ""
            self._fault(f"console: {message.text}{where}")

    def go(self, path: str) -> "Visitor":
        """Open it, also while the page is on its way to another by itself, or there already, as after the end of a step."""
        for attempt in range(5):
            try:
                self.page.goto(self.base + path)
                break
            except Error as error:
                if attempt == 4 or not any(words in str(error) for words in ANOTHER):
                    raise
                if f'another navigation to "{self.base}{path}"' in str(error):
                    self.page.wait_for_url(self.base + path)
                    break
                self.page.wait_for_load_state("load")
        return self

    def look(self, what: str, *, shoot_desktop: bool = False) -> "Visitor":
        """Run axe, check that nothing scrolls sideways; take the picture, if pictures are asked for."""
        self.looked_at.append(what)
        self.page.wait_for_load_state("load")
        for scheme in self.schemes:
            seen = what if scheme == self.schemes[0] else f"{what}-{scheme}"
            self._shown_in(scheme)
            self._look(seen)
            if self.pictures:
                self._take_picture(seen, desk_too=shoot_desktop)
        self._shown_in(self.schemes[0])
        return self

    def _shown_in(self, scheme: Scheme) -> None:
        if len(self.schemes) > 1:
            self.page.emulate_media(color_scheme=scheme)

    def _look(self, what: str) -> None:
        height, wide, goes_on = self.page.evaluate(SIZE)
        for violation in self._axe_on_whole_page(height) if goes_on else self._axe():
            self.wrong.append(f"axe on {what}: {violation['id']}: {'; '.join(violation['nodes'])}")
        if wide > 1:
            self.wrong.append(f"{what} scrolls sideways by {wide} px")

    def _take_picture(self, what: str, *, desk_too: bool) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        how: dict[str, Any] = {"type": "jpeg", "quality": 80}  # to write a PNG takes the browser half as long again
        self.page.screenshot(path=SHOTS / f"{self.name}-{what}.jpg", full_page=False, **how)
        if desk_too:
            size = self.page.viewport_size
            self.page.set_viewport_size(DESKTOP)
            self.page.screenshot(path=SHOTS / f"{self.name}-{what}-1280.jpg", full_page=False, **how)
            self.page.set_viewport_size(size)

    def _axe(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(axe.VIOLATIONS, axe.RULES)
        return found

    def _axe_on_whole_page(self, height: int) -> list[dict[str, Any]]:
        """In a window as high as the page, so that no bar that sticks to its edge lies over what scrolls below it."""
        with self._laid_out_as_high_as(min(height + 200, 8000)):
            return self._axe()

    @contextmanager
    def _laid_out_as_high_as(self, height: int) -> Iterator[None]:
        """The page lies in such a window: what is below the edge counts too."""
        size = self.page.viewport_size
        self.page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
        try:
            yield
        finally:
            self.page.set_viewport_size(size)

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.go("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.click("main button[type=submit]")
        self.page.wait_for_url(self.base + "/")
        return self

    def press(self, words: str) -> "Visitor":
        """A button or link by what it says."""
        control = self.page.get_by_role("button", name=words, exact=False).or_(
            self.page.get_by_role("link", name=words, exact=False)
        )
        control.locator("visible=true").first.click()
        return self

    def fetch(self, path: str, *, json: Any = None, token: str = "") -> tuple[int, str]:
        """Status and text of a request that the page itself makes, with its cookies."""
        found = self.page.evaluate(
            """async ([path, json, token]) => {
                const headers = {'Content-Type': 'application/json', 'X-CSRFToken': token};
                const options = json === null ? {} : {method: 'POST', headers, body: JSON.stringify(json)};
                const answer = await fetch(path, options);
                return [answer.status, await answer.text()];
            }""",
            [path, json, token],
        )
        return found[0], found[1]

    def text(self) -> str:
        return self.page.inner_text("body")

    def close(self) -> None:
        self.context.close()


def artefact(name: str, content: bytes) -> Path:
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / name
    path.write_bytes(content)
    return path
