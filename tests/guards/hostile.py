"""What hostile people send, and how a page is searched for what a browser would obey."""

from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

from django.conf import settings

ELSEWHERE = [
    "//evil.example", "///evil.example", "https://evil.example/", "\\\\evil.example", "/\\evil.example", "/\t/evil.example",
    "javascript:alert(1)", "data:text/html,x", "http:evil.example", "//user@evil.example", "https:///evil.example",
    " //evil.example", "\x00//evil.example", "http://alpha.localhost@evil.example/",
]  # fmt: skip  # fmt: skip
SCRIPT = "<script>alert('canary-script')</script><img src=x onerror=alert(1)>"
PASSWORD = "a long enough password"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(8)
)
BAD_XML = {
    "file": '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz><question type="essay"><name><text>&x;</text></name></question></quiz>',
    "parameter": '<!DOCTYPE q [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><quiz/>',
    "laughs": LAUGHS + "]><quiz>&i;</quiz>",
    "deep": "<quiz>" * 5000 + "</quiz>" * 5000,
    "nul": "<quiz>\x00</quiz>",
    "include": '<quiz xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></quiz>',
}
DEEP = "[" * 100_000 + "]" * 100_000
AWKWARD = [DEEP, '{"items":' + DEEP + "}", '{"items": 1}', '{"items": [null]}', '{"items":[{"id":"a","position":1e999,"fields":{}}]}',
           "null", "[]", '"x"', '{"items": [{"id": "\\u0000", "position": 1, "fields": {"answer": ["\\u0000"]}}]}', "NaN", "\x00",
           '{"items": [{"id": "' + str(uuid4()) + '", "at": "0001-01-01T00:00:00+00:00", "card": 99999999999999999999, "answer": {}}]}',
           '{"name": "\\u0000", "scopes": ["read"]}', '{"name": "' + "x" * 10_000 + '", "scopes": ["read"]}']  # fmt: skip  # fmt: skip


def sign_in(client, email, password):
    return client.post("/accounts/login/", {"login": email, "password": password})


class _Dangers(HTMLParser):
    """What a browser would obey: event attributes and script addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src", "action"} and (value or "").startswith("javascript:")):
                self.found.append(f"{tag} {name}={value}")


def dangers_in(page: str) -> list[str]:
    parser = _Dangers()
    parser.feed(page)
    return parser.found


def code_of_ours() -> list[tuple[Path, str]]:
    """Every file of the code that serves people, with its text."""
    root = Path(settings.BASE_DIR)
    left_out = {"tests", "launcher", "bench", "tools", ".venv"}
    folders = [folder for folder in sorted(root.iterdir()) if folder.is_dir() and folder.name not in left_out]
    paths = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return [(path.relative_to(root), path.read_text()) for path in paths]
