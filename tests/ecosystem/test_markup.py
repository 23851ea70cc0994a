"""What strangers write may be shown, and nothing they write is obeyed."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecosystem.markup import clean_html, clean_line, markdown_line_to_html, markdown_to_html, plain_text

PICTURE = "attachment:" + "0a" * 32

ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href=" java\nscript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x">x</a>',
    '<iframe src="https://example.org"></iframe>',
    '<object data="x.swf"></object><embed src="x.swf">',
    '<form action="/x"><input name="a"><button formaction="javascript:alert(1)">x</button></form>',
    '<p style="background:url(javascript:alert(1))">x</p>',
    "<style>body{display:none}</style>",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    '<details open ontoggle="alert(1)">x</details>',
    '<p id="csrf" name="x" class="site-header">x</p>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<!--><img src=x onerror=alert(1)>-->",
    '<video src="x" onloadstart=alert(1)></video><audio autoplay src="x">',
    '<a href="x" target="_top" ping="https://evil.example/">x</a>',
    "<template><img src=x onerror=alert(1)></template>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    '[x](https://example.org "\\" onmouseover=alert(1) ")',
    "<javascript:alert(1)>",
]
GOOD_TAGS = {
    "a", "audio", "b", "blockquote", "br", "code", "details", "em", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s",
    "span", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul", "video",
}  # fmt: skip
GOOD_ATTRIBUTES = {"href", "src", "alt", "title", "rel", "class"}


class Harm(HTMLParser):
    """Collects what a browser would obey: tags and attributes outside the allow-list, and addresses that run or
    leave."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in GOOD_TAGS:
            self.found.append(tag)
        for name, value in attrs:
            address = (value or "").strip().lower() if name in {"href", "src"} else ""
            if name not in GOOD_ATTRIBUTES or address.startswith(("javascript", "vbscript", "data")):
                self.found.append(f"{tag} {name}={value}")
            if name == "src" and ("//" in address or (tag != "img" and not address.startswith("attachment:"))):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("door", [clean_html, clean_line, markdown_to_html, markdown_line_to_html])
def test_attacks_come_out_harmless(door, attack: str) -> None:
    assert Harm(door(attack)).found == []


def test_the_harm_finder_finds_harm() -> None:
    assert Harm("<script>x</script>").found == ["script"]
    assert Harm('<img src="x" onerror="y">').found == ["img onerror=y"]
    assert Harm('<a href=" javascript:x">y</a>').found == ["a href= javascript:x"]


@given(st.text(alphabet="<>/\"'=ahrefscipt:jvon&;#x[]()!\\ \n", max_size=80))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_html(text)
    assert clean_html(once) == once
    assert Harm(once).found == []


def test_links_keep_good_addresses_and_get_their_rel() -> None:
    assert clean_html('<a href="https://example.org/a?b=1&amp;c=2" target="_blank">x</a>') == (
        '<a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">x</a>'
    )
    assert (
        clean_html('<a href="mailto:a@example.org">x</a>')
        == '<a href="mailto:a@example.org" rel="noopener nofollow">x</a>'
    )
    assert 'href="/support/"' in clean_html('<a href="/support/">x</a>')
    assert "href" not in clean_html(f'<a href="{PICTURE}">x</a>')
    assert "href" not in clean_html('<a href="tel:123">x</a>')


@pytest.mark.parametrize("address", [PICTURE, "/files/a.png", "a.png"])
def test_own_pictures_stay(address: str) -> None:
    assert clean_html(f'<img src="{address}" alt="A fern">') == f'<img src="{address}" alt="A fern">'


def test_pictures_without_words_get_an_empty_alternative_text() -> None:
    assert clean_html('<img src="a.png">') == clean_line('<img src="a.png">') == '<img src="a.png" alt="">'


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/t.png",
        "//evil.example/t.png",
        "/\\evil.example/t.png",
        "\\\\evil.example/t.png",
        "/\t/evil.example/t.png",
        "data:image/png;base64,AAAA",
        "attachment:../../etc/passwd",
        "ATTACHMENT:x",
    ],
)
def test_outside_pictures_lose_their_address(address: str) -> None:
    assert "src" not in clean_html(f'<img src="{address}" alt="A fern">')


def test_headings_leave_the_first_level_to_the_page() -> None:
    assert markdown_to_html("# A\n\n## B\n\n###### C") == "<h2>A</h2>\n<h3>B</h3>\n<h6>C</h6>"
    assert markdown_to_html("## B") == "<h2>B</h2>"


def test_markdown_has_tables_and_shows_html_as_text() -> None:
    table = markdown_to_html("| a | b |\n|---|---|\n| 1 | 2 |")
    assert table.startswith("<table>")
    assert table.count("<td>") == 2
    assert markdown_to_html("1 < 2 <b>x</b>") == "<p>1 &lt; 2 &lt;b&gt;x&lt;/b&gt;</p>"


def test_a_line_fits_a_label() -> None:
    assert markdown_line_to_html("*Yes*, [always](https://example.org)") == "<em>Yes</em>, always"
    assert clean_line("<p>Convergent.</p>") == "Convergent."
    assert clean_line("<p>One</p><p>Two</p>") == "One<br>Two"
    assert clean_line(r"<p>\(x &lt; 2\)</p>") == r"\(x &lt; 2\)"


def test_classes_come_from_the_design_system_only() -> None:
    assert clean_html('<p class="note site-header">x</p>') == '<p class="note">x</p>'
    assert clean_html('<p class="HELM_exercise">x</p>') in {"<p>x</p>", '<p class="">x</p>'}


def test_plain_text_is_one_line_of_words() -> None:
    assert (
        plain_text("<p>Fish &amp; chips<br>twice</p><script>x()</script><ul><li>a</li><li>b</li></ul>")
        == "Fish & chips twice a b"
    )
