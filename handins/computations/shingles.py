"""Which texts are alike: overlapping runs of words, and a sample of them to find the others by.

A text is the set of its shingles, and how much of one text is in another is the share of shingles they have in common
("containment": A. Broder, On the resemblance and containment of documents, 1997). MinHash keeps of each text for each of
``SAMPLE`` hash functions the least value, so two texts agree in about as many places as the share of their union that they
have in common; one place is enough to be looked at, as runs of ``RUN`` words are hardly ever the same by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

RUN, SAMPLE = 5, 64
_WORD = re.compile(r"\w+")


class Word(NamedTuple):
    """As it is compared, and where it stands in the text."""

    said: str
    start: int
    end: int


class Passage(NamedTuple):
    """``words`` words from ``start`` to ``end`` of a text; ``first`` is the shingle that it begins with."""

    start: int
    end: int
    words: int
    first: int


def words_of(text: str) -> list[Word]:
    """Without case, accents as written: "Café" and "CAFÉ" are the same, "cafe" is another word."""
    return [
        Word(unicodedata.normalize("NFKC", found.group()).casefold(), found.start(), found.end())
        for found in _WORD.finditer(text)
    ]


def shingles_of(words: list[Word], *, salt: int) -> list[int]:
    """One for each place a run can begin at, 0 to 2**63. ``salt``: texts of two environments have none in common."""
    key = salt.to_bytes(8)
    said = [word.said for word in words]
    return [
        int.from_bytes(blake2b("\x1f".join(said[place : place + RUN]).encode(), digest_size=8, key=key).digest()) >> 1
        for place in range(len(said) - RUN + 1)
    ]


def sample_of(shingles: Iterable[int]) -> list[int]:
    """``SAMPLE`` numbers, each with its place in it, so that only equal places meet; none for no shingles."""
    chosen = [shingle.to_bytes(8) for shingle in set(shingles)]
    if not chosen:
        return []
    from datasketch import MinHash  # noqa: PLC0415 -- brings scipy, which is a fifth of the start of every process

    sketch = MinHash(num_perm=SAMPLE, seed=1, scheme="affine32", hashfunc=lambda data: int.from_bytes(data[-4:]))
    sketch.update_batch(chosen)
    return [place << 32 | int(value) for place, value in enumerate(sketch.hashvalues)]


def passages(words: list[Word], shingles: list[int], shared: set[int]) -> list[Passage]:
    """The longest runs of words that are ``shared``, in the order of the text."""
    found: list[Passage] = []
    first = -1
    for place, shingle in enumerate([*shingles, -1]):
        if shingle in shared:
            first = place if first < 0 else first
        elif first >= 0:
            last = place + RUN - 2
            found.append(Passage(words[first].start, words[last].end, last - first + 1, shingles[first]))
            first = -1
    return found
