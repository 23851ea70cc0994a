"""The process that reads files of strangers (``handins.files.words`` starts it): a kind and a path come in, text goes out.

It knows neither settings nor database, and its memory and time are limited: a file that swells takes only this process.
"""

import sys
import zipfile
from collections.abc import Iterator

import pypdfium2
from defusedxml.ElementTree import iterparse

from ecosystem.process_limits import limits_set

MOST_PAGES_READ, MOST_CHARACTERS = 500, 1_000_000
LARGEST_PART = 64 * 1024 * 1024
# kind -> (the part that holds the text, the elements that text stands in; none for all)
OFFICE: dict[str, tuple[str, frozenset[str]]] = {
    "docx": ("word/document.xml", frozenset({"t"})),
    "odt": ("content.xml", frozenset()),
}
PARAGRAPHS = {"p", "h"}


def words_of_pdf(path: str) -> Iterator[str]:
    document = pypdfium2.PdfDocument(path)
    for number in range(min(len(document), MOST_PAGES_READ)):
        page = document[number]
        text = page.get_textpage()
        yield text.get_text_bounded()
        text.close()
        page.close()


def words_of_office(path: str, part: str, wanted: frozenset[str]) -> Iterator[str]:
    """A line for each paragraph. Entities and the like are refused by defusedxml."""
    with zipfile.ZipFile(path) as packed:
        if packed.getinfo(part).file_size > LARGEST_PART:
            raise ValueError("too large")
        with packed.open(part) as source:
            for _event, element in iterparse(source):
                if element.tag.rpartition("}")[2] not in PARAGRAPHS:
                    continue
                if wanted:
                    yield "".join(one.text or "" for one in element.iter() if one.tag.rpartition("}")[2] in wanted)
                else:
                    yield "".join(element.itertext())
                element.clear()


def main() -> None:
    kind, path, megabytes, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    limits_set(megabytes=megabytes, seconds=seconds)
    lines = words_of_pdf(path) if kind == "pdf" else words_of_office(path, *OFFICE[kind])
    left = MOST_CHARACTERS
    for line in lines:
        sys.stdout.buffer.write(line[:left].encode(errors="ignore") + b"\n")
        left -= len(line)
        if left <= 0:
            return


if __name__ == "__main__":
    main()
