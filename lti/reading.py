"""What a tool sends, as far as it can be read. Touches no rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from ecosystem import clock
from lti.claims import GRADING, PROGRESS, is_final
from lti.exceptions import LtiError

LONGEST_COMMENT = 2000
AHEAD = timedelta(minutes=5)  # that the clock of a tool may be fast
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # and years that PostgreSQL gives back as BC cannot be read again
MOST = 1e9


@dataclass(frozen=True)
class Said:
    """A score as it came, once it can be read."""

    said_at: datetime
    progress: str
    grading: str
    given: float | None
    maximum: float | None
    comment: str

    @property
    def is_final(self) -> bool:
        return is_final(self.progress, self.grading)


def said_in(body: Any) -> Said:
    """Refuses (LtiError) what is no score."""
    if not isinstance(body, dict):
        raise LtiError(_("A score is a JSON object."))
    progress, grading = body.get("activityProgress"), body.get("gradingProgress")
    if progress not in PROGRESS or grading not in GRADING:
        raise LtiError(_("activityProgress and gradingProgress must be words of the specification."))
    given, maximum = _number(body, "scoreGiven"), _number(body, "scoreMaximum")
    if given is not None and not maximum:
        raise LtiError(_("scoreGiven needs a scoreMaximum above 0."))
    comment = body.get("comment") or ""
    if not isinstance(comment, str):
        raise LtiError(_("A comment is text."))
    return Said(
        _moment(body.get("timestamp")),
        progress,
        grading,
        given,
        None if given is None else maximum,
        comment[:LONGEST_COMMENT],
    )


def _number(body: dict[str, Any], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if type(value) not in {int, float} or not 0 <= value <= MOST or not math.isfinite(value):
        raise LtiError(_("%(name)s must be a number from 0.") % {"name": name})
    return float(value)


def _moment(text: Any) -> datetime:
    try:
        moment = parse_datetime(text) if isinstance(text, str) and len(text) <= 40 else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise LtiError(_("timestamp must be a moment with its time zone (ISO 8601)."))
    if moment < EARLIEST:
        raise LtiError(_("timestamp lies too long ago."))
    if moment > clock.now() + AHEAD:
        raise LtiError(_("timestamp lies in the future."))
    return moment


def hashed(secret: str) -> str:
    """Under which a hint, a token or the number of a request is kept."""
    return sha256(secret.encode(errors="replace")).hexdigest()


def uid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
