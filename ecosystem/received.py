"""JSON as it comes from a package, and what of it the database can keep: no NUL, no half a character, no endless number."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

_UNKEPT = re.compile("[\x00\ud800-\udfff]")


def json_received(body: bytes) -> Any:
    """What stands in it. ValueError or RecursionError for what is no JSON, NaN and numbers without end among it."""
    return json.loads(body, parse_constant=_refuse, parse_float=_finite)


def json_keepable(body: bytes) -> Any:
    """The same, and ValueError for characters that cannot be kept."""
    found = json_received(body)
    if keepable(found) != found:
        raise ValueError("It holds a character that cannot be kept.")
    return found


def keepable(value: Any) -> Any:
    """The same with a sign for each character that cannot be kept."""
    if isinstance(value, str):
        return _UNKEPT.sub("\ufffd", value)
    if isinstance(value, list):
        return [keepable(one) for one in value]
    if isinstance(value, dict):
        return {keepable(key): keepable(one) for key, one in value.items()}
    return value


def _refuse(word: str) -> NoReturn:
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse(digits)
    return number
