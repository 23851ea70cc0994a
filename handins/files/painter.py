"""The process that shows a page of a PDF as a picture (``handins.files.pictures`` starts it).

How many pages there are goes out, with the width and the height of the picture; zeros for a page that is not there. It knows
neither settings nor database, and its memory and time are limited: a file that swells takes only this process.
"""

import sys

import pypdfium2

from ecosystem.process_limits import limits_set

WIDEST, TALLEST, LARGEST_MADE = 1_200, 1_800, 8 * 1024 * 1024


def painted(path: str, number: int, target: str) -> tuple[int, int, int]:
    """(pages, width, height); the picture is at ``target``. No larger than ``WIDEST`` and ``TALLEST``, however large the page."""
    document = pypdfium2.PdfDocument(path)
    if number > len(document):
        return len(document), 0, 0
    page = document[number - 1]
    width, height = page.get_size()
    drawn = page.render(scale=min(WIDEST / width, TALLEST / height), may_draw_forms=False)
    picture = drawn.to_pil().convert("RGB")
    picture.save(target, "WEBP", quality=80)
    return len(document), picture.width, picture.height


def main() -> None:
    path, number, target, megabytes, seconds = sys.argv[1:]
    limits_set(megabytes=int(megabytes), seconds=int(seconds), largest=LARGEST_MADE)
    print(*painted(path, int(number), target))  # noqa: T201 -- this is how it answers


if __name__ == "__main__":
    main()
