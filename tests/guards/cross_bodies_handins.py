"""Valid bodies for the doors of hand-ins."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from tests.content.making import PDF, upload
from tests.guards.cross_routes import ABSENT
from tests.guards.scene_handins import FILM
from tests.guards.twins import Twin

ASSIGNMENT = {
    "title": "A title", "markdown": "Do it", "ways": ["text"], "most_files": "3", "most_mb": "20", "most_rounds": "3",
    "completed_by": "passed",
}  # fmt: skip
FILM_SUM = sha256(FILM).hexdigest()
PEERS = {
    "is_on": "on", "each": "2", "opens_at": "2031-05-05T10:00", "closes_at": "2031-05-15T10:00", "is_anonymous": "on", "share": "0",
    "quality": "0", "near": "20",
}  # fmt: skip
UNTIL = "2031-05-05T10:00:00Z"
CRITERIA = [{"title": "Care", "weight": 1, "levels": [{"title": "no", "points": 0}, {"title": "yes", "points": 1}]}]
MARK = {"levels": {"0": 1}, "comment": "Good", "passed": True, "because": "A mistake"}


def _assignment(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["kind"] == "handin"), ABSENT["slug"])


def _first(twin: Twin | None, label: str) -> str:
    return str(twin.values(label, "uid")[0] if twin else ABSENT["uuid"])


def _of(twin: Twin | None, label: str, role: str, place: int) -> str:
    if twin is None:
        return str(ABSENT["uuid"])
    person = twin.people[role].person_id
    return str([row["uid"] for row in twin.rows[label] if row["person_id"] == person][place])


def _last(twin: Twin | None, label: str) -> str:
    """The last of the administrator: the draft, or its file."""
    return _of(twin, label, "admin", -1)


def _marked(twin: Twin | None) -> str:
    """Whose mark is not released."""
    if twin is None:
        return str(ABSENT["uuid"])
    person = twin.people["gardener"].person_id
    rows = twin.rows["handins.Round"]
    return str(next(row["uid"] for row in rows if row["person_id"] == person and row["state"] == "marked"))


def _marker(twin: Twin | None) -> str:
    return str(twin.people["instructor"].pk if twin else ABSENT["int"])


def _marker_email(twin: Twin | None) -> str:
    return twin.people["instructor"].person.email if twin else "nobody@example.org"


def _email(twin: Twin | None) -> str:
    return twin.people["learner"].person.email if twin else "nobody@example.org"


def _sheet(twin: Twin | None) -> str:
    criterion = twin.rows["handins.Rubric"][0]["criteria"][0]["title"] if twin else "x"
    return f"hand-in,1. {criterion},passed\n{_marked(twin)},1,yes"


def _together(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["slug"].endswith("-together")), ABSENT["slug"])


def _peered(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["slug"].endswith("-peers")), ABSENT["slug"])


def _group(twin: Twin | None) -> str:
    return str(twin.ids("ecosystem.Group")[0] if twin else ABSENT["int"])


def _in_team(twin: Twin | None) -> Any:
    return twin.rows["handins.Share"][0]["person_id"] if twin else ABSENT["int"]


def _email_in_team(twin: Twin | None) -> str:
    return twin.people["author"].person.email if twin else "nobody@example.org"


VALID: dict[str, Callable[[Twin | None], tuple[str, dict[str, Any]]]] = {
    "handins/<slug:slug>/": lambda twin: ("form", {"do": "save", "text": "Text", "link": ""}),
    "reviewing/release/": lambda twin: ("form", {"round": [_marked(twin)], "sure": "yes"}),
    "reviewing/stage/": lambda twin: ("form", {"round": [_marked(twin)], "to": "ready"}),
    "reviewing/allocate/": lambda twin: ("form", {"round": [_marked(twin)], "marker": _marker(twin)}),
    "reviewing/<uuid:uid>/unmark/": lambda twin: ("form", {"because": "Again"}),
    "reviewing/<slug:slug>/allocation/": lambda twin: ("form", {"markers": [_marker(twin)]}),
    "reviewing/<uuid:uid>/": lambda twin: (
        "form",
        {"level_0": "1", "comment": "Good", "passed": "yes", "because": "A mistake"},
    ),
    "reviewing/<uuid:uid>/files/": lambda twin: ("form", {"files": upload("plan.pdf", PDF)}),
    "reviewing/comments/": lambda twin: ("form", {"do": "keep", "words": "Often", "of": ""}),
    "reviewing/<uuid:uid>/remarks/": lambda twin: ("form", {"quote": "work", "words": "Good"}),
    "reviewing/<uuid:uid>/exemplar/": lambda twin: ("form", {}),
    "handins/exemplars/<uuid:uid>/answer/": lambda twin: ("form", {"do": "name"}),
    "reviewing/<uuid:uid>/reopen/": lambda twin: ("form", {"because": "Again"}),
    "reviewing/<slug:slug>/worksheet/": lambda twin: ("form", {"do": "apply", "text": _sheet(twin)}),
    "reviewing/<slug:slug>/extensions/": lambda twin: ("form", {"email": _email(twin), "until": "2031-05-05T10:00"}),
    "reviewing/<uuid:uid>/adjust/": lambda twin: (
        "form",
        {"person": str(_in_team(twin)), "points": "-5", "because": "Away"},
    ),
    "reviewing/<uuid:uid>/verdict/": lambda twin: ("form", {"do": "uphold", "words": "Agreed"}),
    "api/v1/handins/<uuid:uid>/verdict/": lambda twin: ("json", {"upheld": True, "words": "Agreed"}),
    "confirming/<uuid:uid>/": lambda twin: ("form", {"do": "confirm", "words": "Seen"}),
    "api/v1/confirmations/<uuid:uid>/answer/": lambda twin: ("json", {"confirm": True, "words": "Seen"}),
    "reviewing/conflicts/": lambda twin: (
        "form",
        {"marker": _marker(twin), "email": _email(twin), "because": "A brother"},
    ),
    "reviewing/<uuid:uid>/conflict/": lambda twin: ("form", {"because": "A brother"}),
    "api/v1/handins/<uuid:uid>/conflict/": lambda twin: ("json", {"because": "A brother"}),
    "api/v1/conflicts/": lambda twin: ("json", {"marker": _marker_email(twin), "person": _email(twin)}),
    "reviewing/<uuid:uid>/names/": lambda twin: ("form", {"because": "A doubt"}),
    "api/v1/handins/<uuid:uid>/reveal/": lambda twin: ("json", {"because": "A doubt"}),
    "reviewing/<slug:slug>/teams/": lambda twin: ("form", {"do": "make", "name": "Green", "emails": _email(twin)}),
    "reviewing/teams/<uuid:uid>/": lambda twin: ("form", {"do": "join", "email": _email(twin)}),
    "api/v1/teams/": lambda twin: (
        "json",
        {"assignment": _together(twin), "name": "Green", "people": [_email(twin)]},
    ),
    "api/v1/teams/form/": lambda twin: ("json", {"assignment": _together(twin), "groups": [int(_group(twin))]}),
    "api/v1/teams/<uuid:uid>/join/": lambda twin: ("json", {"person": _email(twin)}),
    "api/v1/teams/<uuid:uid>/leave/": lambda twin: ("json", {"person": _email_in_team(twin)}),
    "api/v1/handins/<uuid:uid>/adjust/": lambda twin: (
        "json",
        {"person": _email_in_team(twin), "points": -5, "because": "Away"},
    ),
    "handins/peers/<uuid:uid>/": lambda twin: (
        "form",
        {"level_0": "1", "strengths": "Good", "advice": "More", "do": "send"},
    ),
    "handins/peers/<uuid:uid>/answer/": lambda twin: ("form", {"do": "yes"}),
    "handins/samples/<uuid:uid>/": lambda twin: ("form", {"level_0": "1", "words": "Well"}),
    "reviewing/<slug:slug>/peers/": lambda twin: ("form", {"do": "open"}),
    "reviewing/peers/<uuid:uid>/": lambda twin: ("form", {"because": "Empty"}),
    "reviewing/<slug:slug>/samples/": lambda twin: ("form", {"title": "Try", "text": "Words", "level_0": "1"}),
    "reviewing/samples/<uuid:uid>/": lambda twin: ("form", {}),
    "assignments/<slug:slug>/peers/": lambda twin: ("form", PEERS),
    "api/v1/peer-plans/<slug:slug>/": lambda twin: ("json", {"closes_at": UNTIL}),
    "api/v1/peer-plans/<slug:slug>/open/": lambda twin: ("json", {}),
    "api/v1/peer-plans/<slug:slug>/drop/": lambda twin: ("json", {"person": _email(twin), "because": "Ill"}),
    "api/v1/peer-reviews/<uuid:uid>/": lambda twin: ("json", {"strengths": "Good"}),
    "api/v1/peer-reviews/<uuid:uid>/send/": lambda twin: (
        "json",
        {"levels": {"0": 1}, "strengths": "Good", "advice": "More"},
    ),
    "api/v1/peer-reviews/<uuid:uid>/answer/": lambda twin: ("json", {"is_helpful": True}),
    "api/v1/peer-reviews/<uuid:uid>/flag/": lambda twin: ("json", {"because": "Rude"}),
    "api/v1/peer-reviews/<uuid:uid>/exclude/": lambda twin: ("json", {"because": "Empty"}),
    "api/v1/peer-samples/": lambda twin: (
        "json",
        {"assignment": _peered(twin), "title": "Try", "text": "Words", "levels": {"0": 1}},
    ),
    "api/v1/peer-samples/<uuid:uid>/attempt/": lambda twin: ("json", {"levels": {"0": 1}}),
    "assignments/new/": lambda twin: ("form", ASSIGNMENT),
    "assignments/<slug:slug>/": lambda twin: ("form", ASSIGNMENT),
    "assignments/<slug:slug>/rubric/": lambda twin: ("form", {"text": "Care: no 0, yes 1"}),
    "api/v1/assignments/": lambda twin: ("json", {"title": "A title", "markdown": "Do it"}),
    "api/v1/assignments/<slug:slug>/": lambda twin: ("json", {"title": "A title"}),
    "api/v1/assignments/<slug:slug>/rubric/": lambda twin: ("json", {"criteria": CRITERIA}),
    "api/v1/assignments/<slug:slug>/allocate/": lambda twin: ("json", {"markers": [_marker_email(twin)]}),
    "api/v1/assignments/<slug:slug>/extensions/": lambda twin: ("json", {"person": _email(twin), "until": UNTIL}),
    "api/v1/handins/": lambda twin: ("json", {"assignment": _assignment(twin), "text": "Text"}),
    "api/v1/handins/release/": lambda twin: ("json", {"rounds": [_marked(twin)]}),
    "api/v1/handins/stage/": lambda twin: ("json", {"rounds": [_marked(twin)], "to": "ready"}),
    "api/v1/handins/allocate/": lambda twin: ("json", {"rounds": [_marked(twin)], "marker": None}),
    "api/v1/handins/<uuid:uid>/unmark/": lambda twin: ("json", {"because": "Again"}),
    "api/v1/handins/<uuid:uid>/": lambda twin: ("json", {"text": "Text"}),
    "api/v1/handins/<uuid:uid>/files/": lambda twin: ("form", {"upload": upload("plan.pdf", PDF)}),
    "api/v1/remarks/": lambda twin: (
        "json",
        {"handin": _marked(twin), "quote": "work", "words": "Good"},
    ),
    "api/v1/handins/<uuid:uid>/similarity/": lambda twin: ("json", {"service": "Elsewhere", "percent": 5}),
    "api/v1/saved-comments/": lambda twin: ("json", {"words": "Often"}),
    "api/v1/saved-comments/<uuid:uid>/": lambda twin: ("json", {"words": "Often"}),
    "api/v1/exemplars/": lambda twin: ("json", {"handin": _first(twin, "handins.Round")}),
    "api/v1/exemplars/<uuid:uid>/answer/": lambda twin: ("json", {"agrees": True}),
    "api/v1/uploads/": lambda twin: ("json", {"handin": _last(twin, "handins.Round"), "name": "a.webm", "size": 9}),
    "api/v1/uploads/<uuid:uid>/finish/": lambda twin: ("json", {"sha256": FILM_SUM}),
    "api/v1/handins/<uuid:uid>/remove_file/": lambda twin: ("json", {"file": _last(twin, "handins.HandinFile")}),
    "api/v1/handins/<uuid:uid>/submit/": lambda twin: ("json", {"declares": True}),
    "api/v1/handins/<uuid:uid>/mark/": lambda twin: ("json", MARK),
    "api/v1/handins/<uuid:uid>/independent/": lambda twin: ("json", MARK),
    "api/v1/handins/<uuid:uid>/agree/": lambda twin: ("json", {"average": True}),
    "api/v1/handins/<uuid:uid>/reopen/": lambda twin: ("json", {"because": "Again"}),
}
