"""A keep-alive HTTP client that costs little CPU, since it shares two cores with what it measures."""

import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

PAGE = "text/html"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    """One person's browser: one connection, its cookies, its CSRF token."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.cookies: dict[str, str] = {}
        self.socket: socket.socket | None = None

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, b"", "")

    def post(self, path: str, fields: dict[str, str], *, accept: str = PAGE) -> Answer:
        """A form; the CSRF token comes from the last page."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self._ask("POST", path, body, "application/x-www-form-urlencoded", accept)

    def post_json(self, path: str, body: bytes) -> Answer:
        """What a script of a page sends; the CSRF token comes from the last page."""
        return self._ask("POST", path, body, "application/json", "application/json")

    token = ""
    source = "127.0.0.1"  # any loopback address; sign-ins are counted per address

    def remember_token(self, answer: Answer) -> None:
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', answer.body)
        if found:
            self.token = found[1].decode()

    def remember_ticket(self, answer: Answer) -> None:
        """What a page of a quiz lets its script save with."""
        found = re.search(rb'data-ticket="([^"]+)"', answer.body)
        if found:
            self.ticket = found[1].decode()

    ticket = ""

    def _ask(self, method: str, path: str, body: bytes, kind: str, accept: str = PAGE) -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", f"Accept: {accept}"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if kind:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        if self.ticket and kind == "application/json":
            lines.append(f"X-Attempt-Ticket: {self.ticket}")
        if self.token:
            lines.append(f"X-CSRFToken: {self.token}")
        request = ("\r\n".join(lines) + "\r\n\r\n").encode() + body
        try:
            return self._exchange(request)
        except (ConnectionError, OSError):
            self.close()  # the server closed an idle connection: once more on a new one
            return self._exchange(request)

    def _exchange(self, request: bytes) -> Answer:
        if self.socket is None:
            self.socket = socket.create_connection(
                ("127.0.0.1", self.port), timeout=30, source_address=(self.source, 0)
            )
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            part = self.socket.recv(65536)
            if not part:
                raise ConnectionError("closed")
            data += part
        head, _, body = data.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in rest:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie":
                cookie, _, after = value.partition(";")
                key, _, content = cookie.partition("=")
                self.cookies[key] = content
                if "Max-Age=0" in after:
                    self.cookies.pop(key, None)
            headers[name.lower()] = value
        wanted = int(headers.get("content-length", 0))
        while len(body) < wanted:
            part = self.socket.recv(min(1 << 20, wanted - len(body)))
            if not part:
                raise ConnectionError("closed")
            body += part
        if (
            headers.get("transfer-encoding") == "chunked"
        ):  # a file; its pieces are read to the last, and not put together
            while not body.endswith(b"0\r\n\r\n"):
                part = self.socket.recv(1 << 20)
                if not part:
                    raise ConnectionError("closed")
                body += part
            self.close()  # a piece may have looked like the last
        return Answer(int(first.split(" ")[1]), headers, body)
