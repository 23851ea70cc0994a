"""What browsers send while somebody answers: posted answers, waiting answers."""

import json
import re
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from assessments.question_types.base import FormData
from assessments.services.attempts import NOTHING_SAID, Sent

MOST_ITEMS = 500
_CLIENT = re.compile(r"[0-9a-zA-Z-]{1,36}\Z")
_FIELD = re.compile(r"answer(?:-[0-9]{1,3})?\Z")


class ItemsError(ValueError):
    """The list of answers cannot be read."""


@dataclass(frozen=True, slots=True)
class AnswerItem:
    id: str
    position: int
    fields: FormData
    flagged: bool | None
    sent: Sent = NOTHING_SAID


def posted_answer(posted: QueryDict) -> tuple[FormData, bool | None]:
    """The answer fields and the flag. A form of the player says ``has_flag``: then no flag means taken away."""
    fields = {name: values for name, values in posted.lists() if _FIELD.match(name)}
    return fields, ("flagged" in posted) if "has_flag" in posted else None


def answer_items(body: bytes) -> list[AnswerItem]:
    """Read {"items": [...]}; anything of another form is refused (ItemsError) with all the rest."""
    try:
        items = json.loads(body)["items"]
        found = [_item(item) for item in items]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ItemsError("The list of answers cannot be read.") from None
    if len(found) > MOST_ITEMS:
        raise ItemsError(f"At most {MOST_ITEMS} answers at once.")
    return found


def _item(item: Any) -> AnswerItem:
    position, fields, flagged = item["position"], item["fields"], item.get("flagged")
    well_formed = (
        isinstance(item["id"], str)
        and type(position) is int
        and 0 < position < 10_000
        and flagged in (None, True, False)
        and all(_FIELD.match(name) and _are_texts(values) for name, values in fields.items())
    )
    if not well_formed:
        raise ItemsError("An answer cannot be read.")
    return AnswerItem(id=item["id"], position=position, fields=fields, flagged=flagged, sent=_sent(item))


def _sent(item: Any) -> Sent:
    """What a page says beside the answer; what is missing or makes no sense is as if not said."""
    client, at = item.get("client"), item.get("at")
    given_at = parse_datetime(at) if isinstance(at, str) else None
    return Sent(
        client=client if isinstance(client, str) and _CLIENT.match(client) else "",
        seq=_whole(item.get("seq")) or 0,
        base=_whole(item.get("base")),
        given_at=given_at if given_at and given_at.tzinfo else None,
        seconds=_whole(item.get("seconds")) or 0,
    )


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 2**31 else None


def _are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)
