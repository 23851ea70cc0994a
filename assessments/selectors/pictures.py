"""Where the pictures, sounds and films of a bank are to be had, and its formulas as they are drawn."""

import re

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.mathematics import has_formula, with_formulas

_PICTURE = re.compile(r'(<(?P<tag>img|audio|video)\b[^>]*? src=")attachment:(?P<sha256>[0-9a-f]{64})"')


def with_pictures(html: str) -> SafeString:
    """Clean HTML of a question as a page shows it: addresses of pictures, sounds and films put in, formulas drawn.

    Safe when the HTML was.
    """
    return mark_safe(with_formulas(_PICTURE.sub(_placed, html)))  # noqa: S308 -- what is put in is a path of ours


def is_unfinished(html: str) -> bool:
    """Whether ``with_pictures`` changes anything; cheap."""
    return "attachment:" in html or has_formula(html)


def _placed(found: re.Match[str]) -> str:
    start = f'{found[1]}{reverse("assessments:picture", args=[found["sha256"]])}"'
    return start if found["tag"] == "img" else f'{start} controls preload="metadata"'
