"""The process in which PDFs are made: HTML and CSS come in on its standard input, PDFs go out (``ecosystem.pdf`` starts it).

Each part is a head (whether it is good, and its length) and so many bytes. It knows neither settings nor database.
"""

import resource
import select
import struct
import sys
from pathlib import Path
from typing import BinaryIO

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from ecosystem.room import with_room

HEAD = struct.Struct(">?Q")
FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts" / "pdf"
IDLE_SECONDS = 120


def pdf_of(*, html: str, css: str, fonts: FontConfiguration) -> bytes:
    base = f"{FONTS}/"
    fetcher = URLFetcher(allowed_protocols=["file", "data"], allow_redirects=False)
    sheet = CSS(string=css, font_config=fonts, base_url=base, url_fetcher=fetcher)
    document = HTML(string=html, base_url=base, url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/ua-1")
    return made


def taken(source: BinaryIO) -> str | None:
    head = source.read(HEAD.size)
    return source.read(HEAD.unpack(head)[1]).decode() if len(head) == HEAD.size else None


def main() -> None:
    limit = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    source, goal = sys.stdin.buffer, sys.stdout.buffer
    fonts = FontConfiguration()  # a new one for each PDF costs more than the PDF
    while select.select([source], [], [], IDLE_SECONDS)[0]:
        html, css = taken(source), taken(source)
        if html is None or css is None:
            return
        try:
            good, answer = True, pdf_of(html=html, css=css, fonts=fonts)
        except Exception as error:  # noqa: BLE001 -- told to whoever asked
            good, answer = False, f"{type(error).__name__}: {error}"[:500].encode()
        goal.write(HEAD.pack(good, len(answer)) + answer)
        goal.flush()


if __name__ == "__main__":
    with_room(main)()
