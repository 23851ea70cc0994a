"""Valid bodies for the doors of events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ecosystem import clock
from events.models import Session
from events.services import check_in_code
from tests.guards.cross_routes import ABSENT
from tests.guards.twins import Twin

EVENT = {"title": "A title", "zone": "UTC", "offer_hours": "24", "cancel_hours": "24", "capacity": "9"}
RULES = {"fairness": "first_come", "approval": "nobody", "approve_hours": "72"}
TIMES = {"starts_at": "2031-05-05T10:00:00Z", "ends_at": "2031-05-05T11:00:00Z"}


def _event(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["kind"] == "event"), ABSENT["slug"])


def _seat(twin: Twin | None) -> str:
    return str(twin.values("events.Seat", "uid")[0] if twin else ABSENT["uuid"])


def _request(twin: Twin | None) -> str:
    """The seat that somebody asked for."""
    rows = twin.rows["events.Seat"] if twin else []
    return next((str(row["uid"]) for row in rows if row["state"] == "requested"), str(ABSENT["uuid"]))


def _other(twin: Twin | None) -> str:
    """An event to come in which the learner has no seat."""
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["slug"].endswith("-again")), ABSENT["slug"])


def _more(twin: Twin | None) -> str:
    """Another date of an event of a series."""
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["slug"].endswith("-more")), ABSENT["slug"])


def _question(twin: Twin | None) -> int:
    return int(twin.values("events.EventQuestion", "id")[0]) if twin else int(ABSENT["int"])


def _code(twin: Twin | None) -> str:
    """Of the session that goes on now."""
    if twin is None:
        return "aaaaaaaaaaaaaaaa"
    session = Session(pk=twin.values("events.Session", "id")[-1], environment_id=twin.environment.pk)
    return check_in_code(session=session, at=clock.now())


def _learner(twin: Twin | None) -> Any:
    return twin.people["learner"].person if twin else None


def _mark(twin: Twin | None) -> dict[str, str]:
    return {"person": _learner(twin).email if twin else "nobody@example.org", "presence": "absent"}


VALID: dict[str, Callable[[Twin | None], tuple[str, dict[str, Any]]]] = {
    "events/<slug:slug>/": lambda twin: ("form", {"do": "cancel"}),
    "events/here/<int:pk>/<str:code>/": lambda twin: ("form", {}),
    "calendar/address/": lambda twin: ("form", {}),
    "calendar/address/end/": lambda twin: ("form", {}),
    "organise/new/": lambda twin: ("form", EVENT),
    "organise/<slug:slug>/settings/": lambda twin: ("form", EVENT),
    "organise/<slug:slug>/sessions/": lambda twin: ("form", {"day": "2031-05-05", "begins": "10:00", "ends": "11:00"}),
    "organise/<slug:slug>/sessions/<int:pk>/": lambda twin: ("form", {"do": "remove"}),
    "organise/lending/all/": lambda twin: ("form", {"name": "Beamer", "pieces": "1"}),
    "organise/lending/<int:pk>/": lambda twin: ("form", {"name": "Beamer", "pieces": "3"}),
    "organise/<slug:slug>/price/": lambda twin: ("form", {"do": "add", "code": "SPRING-31"}),
    "organise/requests/": lambda twin: ("form", {"do": "yes", "uid": _request(twin)}),
    "organise/<slug:slug>/rules/": lambda twin: ("form", RULES),
    "organise/<slug:slug>/repeat/": lambda twin: ("form", {"frequency": "daily", "count": "2"}),
    "organise/<slug:slug>/questions/": lambda twin: ("form", {"kind": "text", "text": "Why?"}),
    "organise/<slug:slug>/move/": lambda twin: ("form", {"uid": _seat(twin), "to": _other(twin)}),
    "organise/<slug:slug>/people/": lambda twin: ("form", {"do": "cancel", "uid": _seat(twin)}),
    "organise/<slug:slug>/cancel/": lambda twin: ("form", {"reason": "Storm"}),
    "organise/attendance/<int:pk>/": lambda twin: (
        "form",
        {f"person-{_learner(twin).pk if twin else ABSENT['int']}": "absent"},
    ),
    "organise/attendance/<int:pk>/marks/": lambda twin: (
        "json",
        {"items": [{"id": "1", "person": _learner(twin).pk if twin else ABSENT["int"], "presence": "absent"}]},
    ),
    "api/v1/calendar/": lambda twin: ("json", {}),
    "api/v1/events/": lambda twin: ("json", {"title": "A title", "zone": "UTC"}),
    "api/v1/events/<slug:slug>/": lambda twin: ("json", {"title": "A title"}),
    "api/v1/events/<slug:slug>/cancel/": lambda twin: ("json", {"reason": "Storm"}),
    "api/v1/events/<slug:slug>/sessions/": lambda twin: ("json", TIMES),
    "api/v1/events/<slug:slug>/repeat/": lambda twin: ("json", {"frequency": "daily", "count": 2}),
    "api/v1/events/<slug:slug>/questions/": lambda twin: ("json", {"kind": "text", "text": "Why?"}),
    "api/v1/events/<slug:slug>/end-question/": lambda twin: ("json", {"question": _question(twin)}),
    "api/v1/events/<slug:slug>/evaluate/": lambda twin: ("json", {"score": 3}),
    "api/v1/events/<slug:slug>/calendar-address/": lambda twin: ("json", {}),
    "api/v1/events/<slug:slug>/end-calendar-address/": lambda twin: ("json", {}),
    "api/v1/event-sessions/<int:pk>/": lambda twin: ("json", TIMES),
    "api/v1/event-sessions/<int:pk>/attendance/": lambda twin: ("json", {"marks": [_mark(twin)]}),
    "api/v1/event-sessions/<int:pk>/check-in/": lambda twin: ("json", {"code": _code(twin)}),
    "api/v1/equipment/": lambda twin: ("json", {"name": "Beamer"}),
    "api/v1/equipment/<int:pk>/": lambda twin: ("json", {"pieces": 3}),
    "api/v1/event-codes/": lambda twin: ("json", {"event": _event(twin), "code": "SPRING-32"}),
    "api/v1/seats/": lambda twin: ("json", {"event": _event(twin)}),
    "api/v1/seats/<uuid:uid>/answer/": lambda twin: ("json", {"accept": False}),
    "api/v1/seats/<uuid:uid>/decide/": lambda twin: ("json", {"approve": True}),
    "api/v1/seats/<uuid:uid>/pass/": lambda twin: ("json", {"person": _mark(twin)["person"]}),
    "api/v1/seats/<uuid:uid>/move/": lambda twin: ("json", {"event": _other(twin)}),
    "api/v1/seats/<uuid:uid>/change/": lambda twin: ("json", {"event": _more(twin)}),
    "api/v1/seats/<uuid:uid>/cancel/": lambda twin: ("json", {"reason": "Ill"}),
}
