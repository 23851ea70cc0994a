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
from functools import cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
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
    chosen = np.array([shingle & 0xFFFFFFFF for shingle in set(shingles)], dtype=np.uint32)
    if not chosen.size:
        return []
    factors, summands = _hash_functions()
    least = (_mixed(chosen).reshape(-1, 1) * factors + summands).min(axis=0)
    return [place << 32 | int(value) for place, value in enumerate(least)]


@cache
def _hash_functions() -> tuple[Numbers, Numbers]:
    """Odd factors and summands: each pair puts the numbers below 2**32 in another order. Always the same, as samples are kept.

    They are those of datasketch (``MinHash(seed=1, scheme="affine32")``), with which the first samples were taken; itself it
    brings scipy, two seconds of each process that compares.
    """
    drawn = np.random.RandomState(1)
    factors = drawn.randint(0, 1 << 31, SAMPLE, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    return factors, drawn.randint(0, 1 << 32, SAMPLE, dtype=np.uint32)


def _mixed(numbers: Numbers) -> Numbers:
    """The last step of MurmurHash3, by which neighbours are strangers."""
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        numbers = (numbers ^ (numbers >> np.uint32(shift))) * np.uint32(factor)
    return numbers ^ (numbers >> np.uint32(16))


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
