"""What is wrong by night alone is found although only colours are looked at then; all else that is wrong is found by day."""

import pytest

from tests.live.browsing import BOTH, DAY, NIGHT, Scheme, chromium
from tests.live.walking import Walker

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("screens")]
FAINT = "@media (prefers-color-scheme: %s) { p { color: #777; background: #666; } }"
# A link in a line of words that nothing tells from them but its colour, which is nearly theirs.
LIKE_WORDS = "@media (prefers-color-scheme: %s) { a { text-decoration: none; color: #222; } }"
PAGE = """<!doctype html><html lang="en"><title>Tea</title><style>p {{ color: #000; background: #fff; }} {style}</style>
<main><h1>Tea</h1><p>Here are some words beside <a href="/more">a link</a> in them.</p>{more}</main>"""


def test_colours_are_looked_at_by_night_and_all_else_by_day():
    with chromium() as browser:

        def found(schemes: tuple[Scheme, ...], style: str = "", more: str = "") -> list[str]:
            walker = Walker(browser, base="https://tea.example.org", name="walking", schemes=schemes)
            page = PAGE.format(style=style, more=more)
            walker.page.route("**/*", lambda route: route.fulfill(body=page, content_type="text/html"))
            walker.go("/").look("tea")
            walker.close()
            return [" ".join(line.split(": ")[:2]) for line in walker.wrong]

        for style, rule in ((FAINT, "color-contrast"), (LIKE_WORDS, "link-in-text-block")):
            assert found(BOTH, style % NIGHT) == [f"axe on tea-dark {rule}"]
            assert found((NIGHT,), style % NIGHT) == [f"axe on tea {rule}"]
            assert found(BOTH, style % DAY) == [f"axe on tea {rule}"]
        assert found(BOTH, more="<img src='data:,'>") == ["axe on tea image-alt"]
        assert found(BOTH) == []
