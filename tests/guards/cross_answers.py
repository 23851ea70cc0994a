"""What came back from a request, and whether two answers are the same but for what differs every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from django.core import mail

# What differs between two answers to the same question.
VARYING = [
    re.compile(rb'csrfmiddlewaretoken\\\\?" value=\\\\?"\w+'),
    re.compile(rb'"label": "Uidb36", "value": "[^"]*"'),
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"'),
    re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(rb"\d{1,2}:\d\d(:\d\d)?(\.\d+)?( ?[ap]\.m\.)?"),
    re.compile(rb"grove_[\w-]{20,}"),
    re.compile(rb"/(ID|CreationDate|ModDate) ?[\[(].*"),  # of a PDF, not of an address that begins so
    re.compile(rb'[?&;](amp;)?cursor=[^"&]*'),
    re.compile(rb"whsec_[\w+/=-]+"),
    re.compile(rb'data-options="[^"]*"'),
    re.compile(rb'<code class="key">\w+'),  # the same key to type in
    re.compile(rb'data:image/svg\+xml;base64,[^"]*'),  # the key of a second factor as a picture
    re.compile(rb'"(csrf|ticket)": "[^"]*"'),  # of the attacker's own page, made anew each time
    re.compile(rb'name="login_hint" value="[^"]*"'),  # of a launch that begins anew each time
    re.compile(rb'name="key" value="[^"]*"'),  # of the file that was just kept for a second look
    re.compile(rb"/(documents|packages)/\w+:[\w:.-]+"),  # the same file or package, by an address for some minutes
    re.compile(rb"/calendar/[\w-]{43}\.ics"),  # the address that was just made
    re.compile(rb"/developers/tokens/\d+/revoke/"),
    re.compile(rb"(?m)^\d+(?=,\d{4}-\d\d-\d\dT)"),  # of the entry that the export of the audit log itself makes
]
# The number of a row that was just made: of an answer 201 or 202, and where the page of a new row is.
NEW = re.compile(rb'^\{"id":\d+')
NEW_PLACE = re.compile(r"/\d+(?=/)")
SAML_QUESTION = re.compile(r"SAMLRequest=[^&]*")
# The time and the signature behind a signed value; the value itself is compared.
SIGNATURE = re.compile(r":\w{6}:[\w-]{43}")


@dataclass
class Answer:
    status: int
    text: bytes
    location: str
    commit_error: str = ""
    changed: str = ""  # tables of the victim
    read: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()  # of the cache
    written: bool = False
    writes_filtered: bool = False
    is_as_of_visitor: bool = False  # whoever asked, to the view it was nobody
    looked_at: frozenset[str] | None = None  # by the view; nothing where none was reached

    @property
    def is_way_in(self) -> bool:
        """A page, or going on to one; being sent to the sign-in page is neither."""
        return 200 <= self.status < 400 and not self.location.startswith(("/accounts/login", "/admin/login"))


def answer_of(response: Any, letters: int) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    parts = [content, repr(sorted(response.headers.items())).encode(), response.reason_phrase.encode()]
    parts += [morsel.OutputString().encode() for morsel in response.cookies.values()]
    told = getattr(getattr(response, "wsgi_request", None), "_messages", ())
    parts += [str(message).encode() for message in getattr(told, "_queued_messages", ())]
    for letter in getattr(mail, "outbox", [])[letters:]:
        parts += [letter.subject.encode(), str(letter.body).encode()]
    return Answer(response.status_code, b"\n".join(parts), response.headers.get("Location", ""))


def normalised(answer: Answer, sent: Any) -> tuple[int, str, bytes]:
    """Status, where to, and the page, without what was sent and what varies anyway. Cookies and length vary too."""
    text = answer.text.split(b"\n[('", 1)[0]
    values = sorted({str(value) for value in flat(sent) if len(str(value)) > 2 or type(value) is int}, key=len)
    text, location = _without([value for value in values if len(value) > 8], text, unquote(answer.location))
    for pattern in VARYING:  # after addresses that hold a uuid, before ids that are also the minute of a time
        text = pattern.sub(b"*", text)
    if answer.status in {201, 202}:
        text = NEW.sub(b"*", text)
    text, location = _without([value for value in values if len(value) <= 8], text, location)
    location = NEW_PLACE.sub("/*", SAML_QUESTION.sub("*", SIGNATURE.sub("*", location)).replace("~", "0"))
    return answer.status, location, text


def is_same(left: Answer, right: Answer, sent: Any) -> bool:
    """Whether both are the same but for what was sent and what varies anyway.

    First line by line, and only lines that differ: most pages are alike in all but a few. What is not alike so is
    compared whole.
    """
    ours, theirs = (one.text.split(b"\n[('", 1)[0] for one in (left, right))
    where = (left.status, left.location) == (right.status, right.location)
    if where and ours == theirs:
        return True
    pairs = list(zip(ours.splitlines(), theirs.splitlines(), strict=False))
    if where and left.status not in {201, 202} and len(pairs) == len(ours.splitlines()) == len(theirs.splitlines()):
        lines = ((Answer(200, one, ""), Answer(200, other, "")) for one, other in pairs if one != other)
        if all(normalised(one, sent) == normalised(other, sent) for one, other in lines):
            return True
    return normalised(left, sent) == normalised(right, sent)


def _without(values: list[str], text: bytes, location: str) -> tuple[bytes, str]:
    """Without these values, given shortest first, where they stand alone."""
    for value in reversed(values):
        if value.encode() not in text and value not in location:
            continue
        text = re.sub(rb"(?<![\w-])" + re.escape(value.encode()) + rb"(?![\w-])", b"~", text)
        location = re.sub(rf"(?<![\w-]){re.escape(value)}(?![\w-])", "~", location)
    return text, location


def without(said: bytes, sent: Any) -> bytes:
    """An answer without what was sent, as it is or in an address, or in one that is itself a part of an address."""
    # the longest first: "quiz" is a part of many addresses
    for value in sorted({str(value).lower() for value in flat(sent)} - {""}, key=len, reverse=True):
        within = quote(value, safe="")
        for form in (value, quote(value), within, quote(within, safe="").lower()):
            said = said.replace(form.encode(), b"")
    return said


def flat(sent: Any) -> Iterator[Any]:
    if isinstance(sent, dict):
        sent = list(sent.values())
    if isinstance(sent, list | tuple):
        for value in sent:
            yield from flat(value)
    elif sent is not None and not isinstance(sent, bool):
        yield sent


def pairs_of(theirs: Any, nobodys: Any) -> dict[str, str] | None:
    """What stands in the one where the other has something else; None where they are not of the same form."""
    left, right = list(flat(theirs)), list(flat(nobodys))
    if len(left) != len(right) or any(hasattr(one, "read") for one in left):
        return None
    found: dict[str, str] = {}
    for one, other in zip(map(str, left), map(str, right), strict=True):
        if one != other and found.setdefault(one, other) != other:
            return None
    return found


def difference(left: tuple[int, str, bytes], right: tuple[int, str, bytes]) -> str:
    if left[:2] != right[:2]:
        return f"{left[:2]} instead of {right[:2]}"
    for ours, theirs in zip(left[2].splitlines(), right[2].splitlines(), strict=False):
        if ours != theirs:
            return f"{left[0]}: {ours.strip()[:90]!r} instead of {theirs.strip()[:90]!r}"
    return f"{left[0]}: length {len(left[2])} instead of {len(right[2])}"


def around(text: bytes, word: str) -> str:
    place = text.lower().index(word.lower().encode())
    return " ".join(text[max(0, place - 40) : place + 40].decode(errors="replace").split())
