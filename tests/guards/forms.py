"""The forms of a page as a browser sees them, and what somebody would send with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

Pairs = list[tuple[str, str]]
TOKEN = "csrfmiddlewaretoken"
TYPED = frozenset({"number", "date", "time", "datetime-local", "month", "email", "url", "color", "select", "radio"})
WORDS = frozenset({"text", "textarea", "search", "email", "url"})
PLAUSIBLE = {
    "email": "fresh@example.org", "number": "5", "date": "2031-05-05", "time": "10:00", "datetime-local": "2031-05-05T10:00",
    "url": "https://example.org/x", "color": "#123456", "month": "2031-05",
}  # fmt: skip


@dataclass
class Control:
    name: str
    kind: str
    value: str = ""
    is_chosen: bool = False
    is_needed: bool = False
    most: int = 0  # characters, where the page says so
    options: list[tuple[str, bool]] = field(default_factory=list)


@dataclass
class Form:
    action: str
    fields: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, another action

    def filled(self) -> Pairs:
        """As it stands on the page, with something plausible where something is needed and nothing is there."""
        sent: Pairs = []
        for one in self.fields:
            if one.kind in {"checkbox", "radio"}:
                sent += [(one.name, one.value or "on")] if one.is_chosen else []
            elif one.kind == "select":
                chosen = [value for value, is_chosen in one.options if is_chosen]
                sent += [(one.name, value) for value in chosen or [value for value, _ in one.options if value][:1]]
            elif one.kind != "file":
                needs = not one.value and (one.is_needed or one.kind == "textarea" or one.name in {"title", "name"})
                sent.append((one.name, PLAUSIBLE.get(one.kind, "Some words") if needs else one.value))
        for one in self.fields:
            if one.kind == "radio" and one.name not in {name for name, _ in sent}:
                sent.append((one.name, one.value))
        return sent

    def with_nul(self) -> Pairs:
        """A NUL and half a character in all words, and in where to go next."""
        return self._changed(lambda one: "a\0b\ud800" if one.kind in WORDS or one.name == "next" else None)

    def wrong(self) -> Pairs:
        """What is of no such type, among no such choices, or longer than the page allows; the form as it is without such."""

        def worse(one: Control) -> str | None:
            return "no\x7fsuch" if one.kind in TYPED else "x" * (one.most + 1) if one.most else None

        return self._changed(worse)

    def _changed(self, change: Callable[[Control], str | None]) -> Pairs:
        changes = {one.name: value for one in self.fields if (value := change(one)) is not None}
        sent = [(name, value) for name, value in self.filled() if name not in changes]
        return sent + list(changes.items())


class _Reader(HTMLParser):
    """Of the main part of a page; the forms of the frame are on each."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.is_main, self.form, self.control = False, None, None
        self.by_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "main":
            self.is_main = True
        elif tag == "form" and self.is_main and said.get("method", "").lower() == "post":
            self.form = Form(said.get("action", ""))
            self.forms.append(self.form)
            self.by_id[said.get("id", "")] = self.form
        elif tag == "option" and self.control is not None:
            self.control.options.append((said.get("value", ""), "selected" in said))
        elif tag in {"input", "select", "textarea", "button"} and said.get("name") and "disabled" not in said:
            self._control(tag, said)

    def _control(self, tag: str, said: dict[str, str]) -> None:
        form = self.by_id.get(said["form"]) if "form" in said else self.form
        kind = said.get("type", "text") if tag == "input" else tag
        if form is None:
            return
        if kind in {"button", "submit"}:
            form.buttons.append((said["name"], said.get("value", ""), said.get("formaction", "")))
            return
        length = said.get("maxlength", "")
        self.control = Control(
            said["name"], kind, said.get("value", ""), "checked" in said, "required" in said, int(length or 0)
        )
        form.fields.append(self.control)

    def handle_data(self, data: str) -> None:
        if self.control is not None and self.control.kind == "textarea":
            self.control.value += data.removeprefix("\n") if not self.control.value else data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "main":
            self.is_main = False
        elif tag in {"select", "textarea"}:
            self.control = None


def forms_of(page: str) -> list[Form]:
    reader = _Reader()
    reader.feed(page)
    return reader.forms


def encoded(sent: Pairs) -> str:
    """As a browser would, but for halves of characters, which none has."""
    return "&".join(
        "=".join(quote_from_bytes(one.encode("utf-8", "surrogatepass"), safe="") for one in pair) for pair in sent
    )
