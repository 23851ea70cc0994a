"""The run-time data of SCORM (cmi): what a package is given when it begins, and what its reports mean.

Sources: SCORM 1.2 RTE 3.4, SCORM 2004 4th edition RTE 4.2. Everything in it was said by a browser.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any

SCORM12, SCORM2004 = "scorm12", "scorm2004"
LONGEST = 64_000


@dataclass(frozen=True)
class Reported:
    """``passed`` is None when nothing was said of it; ``score`` is 0 to 1."""

    completed: bool = False
    passed: bool | None = None
    score: float | None = None


def reported_by(standard: str, cmi: dict[str, Any], *, mastery: float | None) -> Reported:
    """What the data says; with a score to pass, the score decides and not the package."""
    if standard == SCORM12:
        core = _dict(cmi.get("core"))
        status = str(core.get("lesson_status", "")).lower()
        score = _score(_dict(core.get("score")))
        completed = status in {"completed", "passed"}
        passed = {"passed": True, "failed": False}.get(status)
        completed = completed or (mastery is not None and status == "failed")
    else:
        score = _score(_dict(cmi.get("score")))
        completed = str(cmi.get("completion_status", "")).lower() == "completed"
        passed = {"passed": True, "failed": False}.get(str(cmi.get("success_status", "")).lower())
    if mastery is not None and score is not None and (completed or passed is not None):
        passed = score >= mastery
    return Reported(completed=completed, passed=passed, score=score)


def _score(said: dict[str, Any]) -> float | None:
    """The scaled score, or the raw one between its bounds (0 to 100 when it names none); None outside of them."""
    scaled = _number(said.get("scaled"))
    if scaled is not None:
        return max(scaled, 0.0) if -1 <= scaled <= 1 else None
    raw, least, most = (_number(said.get(name)) for name in ("raw", "min", "max"))
    least, most = least if least is not None else 0.0, most if most is not None else 100.0
    if raw is None or most <= least or not least <= raw <= most:
        return None
    return (raw - least) / (most - least)


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def learner_id(*, environment_id: int, person_id: int) -> str:
    """The same for a person in every package of the environment; tells nothing else about them."""
    return hashlib.sha256(f"grove learner {environment_id} {person_id}".encode()).hexdigest()[:32]


def beginning(
    standard: str, kept: dict[str, Any], *, name: str, learner: str, launch_data: str, mastery: float | None
) -> dict[str, Any]:
    """The data a package begins with: what it kept goes back to it, what it may not write comes from here."""
    if standard == SCORM12:
        return _beginning_12(kept, name=name, learner=learner, launch_data=launch_data, mastery=mastery)
    is_back = bool(kept) and kept.get("exit", "") in {"suspend", "", None} and not _is_over(kept)
    back = {
        key: kept[key]
        for key in (
            "location",
            "suspend_data",
            "progress_measure",
            "completion_status",
            "success_status",
            "score",
            "objectives",
        )
        if kept.get(key) not in (None, "", {})
    }
    if "suspend_data" in back:
        back["suspend_data"] = str(back["suspend_data"])[:LONGEST]
    found = {
        **back,
        "learner_id": learner,
        "learner_name": name,
        "credit": "credit",
        "mode": "normal",
        "entry": "resume" if is_back else ("" if kept else "ab-initio"),
        "total_time": str(kept.get("total_time") or "PT0S"),
        "launch_data": launch_data,
    }
    if mastery is not None:
        found["scaled_passing_score"] = str(mastery)
    return found


def _is_over(kept: dict[str, Any]) -> bool:
    return kept.get("completion_status") == "completed" and kept.get("exit") not in {"suspend"}


def _beginning_12(
    kept: dict[str, Any], *, name: str, learner: str, launch_data: str, mastery: float | None
) -> dict[str, Any]:
    core = _dict(kept.get("core"))
    back = {key: core[key] for key in ("lesson_location", "lesson_status") if core.get(key)}
    score = {
        key: value for key, value in _dict(core.get("score")).items() if key in {"raw", "min", "max"} and value != ""
    }
    status = back.get("lesson_status", "not attempted")
    found: dict[str, Any] = {
        "core": {
            **back,
            "lesson_status": status,
            **({"score": score} if score else {}),
            "student_id": learner,
            "student_name": name,
            "credit": "credit",
            "lesson_mode": "normal",
            "entry": "ab-initio"
            if not core
            else ("resume" if status in {"incomplete", "browsed"} or core.get("exit") == "suspend" else ""),
            "total_time": str(core.get("total_time") or "0000:00:00.00"),
        },
        "launch_data": launch_data,
    }
    if kept.get("suspend_data"):
        found["suspend_data"] = str(kept["suspend_data"])[:LONGEST]
    if mastery is not None:
        found["student_data"] = {"mastery_score": str(round(mastery * 100))}
    return found
