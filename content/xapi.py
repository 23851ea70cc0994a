"""The part of xAPI 1.0.3 that cmi5 units use: what a statement must be before it counts. Sources: xAPI 1.0.3 part 2, cmi5 1.0 section 9."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from content.exceptions import ContentError

CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
ADL = "http://adlnet.gov/expapi/verbs/"
INITIALIZED, COMPLETED, PASSED, FAILED = (f"{ADL}{name}" for name in ("initialized", "completed", "passed", "failed"))
TERMINATED = f"{ADL}terminated"
RESERVED = frozenset(
    {f"{ADL}launched", "https://w3id.org/xapi/adl/verbs/abandoned", f"{ADL}waived", "https://w3id.org/xapi/adl/verbs/waived",
     "https://w3id.org/xapi/adl/verbs/satisfied", f"{ADL}voided"}
)  # fmt: skip


class StatementError(ContentError):
    """Why a statement is refused; ``status`` as HTTP says it."""

    def __init__(self, reason: str, *, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Said:
    """What counts of a statement. ``defined``: one of those that cmi5 defines."""

    uid: UUID
    verb: str
    defined: bool
    score: float | None


def said_by(statement: Any, *, actor: dict[str, Any], activity: str, registration: UUID, mastery: float | None) -> Said:
    """Refuses (StatementError) what is said in another name, of another registration, or with a score that cannot be."""
    if not isinstance(statement, dict):
        raise StatementError("A statement is an object.")
    uid = _uid(statement.get("id"))
    verb = _dict(statement.get("verb")).get("id")
    if not isinstance(verb, str) or ":" not in verb or len(verb) > 500:
        raise StatementError("The verb needs an id.")
    if verb in RESERVED:
        raise StatementError("This is for the platform to say.", status=403)
    account = _dict(_dict(statement.get("actor")).get("account"))
    if account != actor["account"]:
        raise StatementError("The actor is somebody else.", status=403)
    context = _dict(statement.get("context"))
    if str(context.get("registration", "")).lower() != str(registration):
        raise StatementError("The registration is another one.", status=403)
    target = _dict(statement.get("object"))
    if not isinstance(target.get("id"), str):
        raise StatementError("The object needs an id.")
    categories = _categories(context)
    score = _score(_dict(statement.get("result")))
    defined = CMI5 in categories
    if defined:
        _check_defined(verb, target["id"], activity, score, mastery)
    return Said(uid, verb, defined, score)


def _check_defined(verb: str, target: str, activity: str, score: float | None, mastery: float | None) -> None:
    if verb not in {INITIALIZED, COMPLETED, PASSED, FAILED, TERMINATED}:
        raise StatementError("This verb is none of those that cmi5 defines.", status=403)
    if target != activity:
        raise StatementError("The object is another activity.", status=403)
    if (
        mastery is not None
        and score is not None
        and (verb == PASSED) != (score >= mastery)
        and verb in {PASSED, FAILED}
    ):
        raise StatementError("The score does not fit what is said of it.", status=403)


def _uid(value: Any) -> UUID:
    if value is None:
        return uuid4()
    try:
        return UUID(value)
    except (TypeError, ValueError, AttributeError):
        raise StatementError("The id is no UUID.") from None


def _categories(context: dict[str, Any]) -> set[str]:
    found = _dict(context.get("contextActivities")).get("category", [])
    rows = found if isinstance(found, list) else [found]
    return {str(_dict(row).get("id", "")) for row in rows}


def _score(result: dict[str, Any]) -> float | None:
    scaled = _dict(result.get("score")).get("scaled")
    if scaled is None:
        return None
    if (
        isinstance(scaled, bool)
        or not isinstance(scaled, int | float)
        or not math.isfinite(scaled)
        or not -1 <= scaled <= 1
    ):
        raise StatementError("A scaled score lies between -1 and 1.")
    return max(float(scaled), 0.0)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def is_satisfied(move_on: str, *, completed: bool, passed: bool) -> bool:
    """cmi5 13.1.4."""
    return {
        "Passed": passed,
        "Completed": completed,
        "CompletedAndPassed": completed and passed,
        "CompletedOrPassed": completed or passed,
    }.get(move_on, True)
