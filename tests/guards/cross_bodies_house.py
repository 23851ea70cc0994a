"""Valid bodies for the doors of all apps but events and hand-ins, which have files of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.content.making import PDF, mp4, upload
from tests.content.zips import package, zipped
from tests.guards.cross_routes import ABSENT
from tests.guards.twins import Twin


def _when(days: int) -> str:
    day = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return day.isoformat()


def _learner(twin: Twin | None) -> str:
    return twin.people["learner"].person.email if twin else "nobody@example.org"


def _run(twin: Twin | None) -> str:
    return str(twin.values("courses.CourseRun", "uid")[0] if twin else ABSENT["uuid"])


def _course(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["kind"] == "course"), ABSENT["slug"])


def _task(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["kind"] == "task"), ABSENT["slug"])


def _enrolment(twin: Twin | None) -> int:
    return twin.ids("courses.Enrolment")[0] if twin else ABSENT["int"]


def _waiting(twin: Twin | None) -> int:
    """Where somebody is with the step that waits for time, among others."""
    return twin.values("courses.Wake", "state_id")[0] if twin else ABSENT["int"]


def _waiting_uid(twin: Twin | None) -> str:
    if twin is None:
        return str(ABSENT["uuid"])
    step = next(row for row in twin.rows["courses.ActivityState"] if row["id"] == _waiting(twin))
    return next(str(row["uid"]) for row in twin.rows["courses.Activity"] if row["id"] == step["activity_id"])


def _bank(twin: Twin | None) -> str:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["slug"] for row in rows if row["kind"] == "question_bank"), ABSENT["slug"])


def _group(twin: Twin | None) -> int:
    return twin.ids("ecosystem.Group")[0] if twin else ABSENT["int"]


def _application(twin: Twin | None) -> dict[str, str]:
    return twin.application if twin else {"client_id": "nobody", "client_secret": "nothing"}


def _below(twin: Twin | None) -> str:
    return twin.below if twin else "nobody-has-this"


def _member(twin: Twin | None) -> int:
    return twin.people["learner"].pk if twin else ABSENT["int"]


QUESTIONS = (
    '<quiz><question type="truefalse"><name><text>One</text></name><questiontext format="html"><text>Is it?</text>'
    '</questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    "</question></quiz>"
)
PAGE = {
    "title": "A page", "summary": "", "markdown": "Words", "language": "en", "minutes": 5, "tags": "", "visibility": "members",
    "url": "https://example.org/", "no_captions_because": "Silent.",
}  # fmt: skip


def _course_package() -> bytes:
    """The smallest course there is."""
    uid = str(ABSENT["uuid"])
    facts = {
        "title": "A course",
        "slug": "a-course",
        "summary": "",
        "language": "en",
        "tags": [],
        "minutes": 0,
        "why": "",
    }
    looks = {
        "cover": "rings",
        "lifecycle": "growing",
        "visibility": "members",
        "credits": [{"name": "Ada", "role": "author"}],
    }
    course = {"uid": uid, "kind": "course", **facts, **looks, "part": {"blocks": []}}
    manifest = {"format": "grove-course", "version": 1, "course": uid, "elements": [course], "connections": []}
    return zipped({"manifest.json": json.dumps(manifest).encode()})


COURSE = _course_package()


def _picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, "PNG")
    return SimpleUploadedFile("x.png", out.getvalue(), "image/png")


QUIZ = {
    "mode": "quiz", "pass_percent": 50, "minimum_group": 5, "minutes_allowed": 9, "grace_seconds": 30, "attempts_allowed": 0,
    "wait_minutes": 0, "target_error": 0.5, "least_questions": 5, "most_questions": 20,
}  # fmt: skip


def _section(twin: Twin | None) -> str:
    return f"section:{twin.ids('assessments.Section')[0] if twin else ABSENT['int']}"


def _bank_id(twin: Twin | None) -> int:
    rows = twin.rows["ecosystem.Element"] if twin else []
    return next((row["id"] for row in rows if row["kind"] == "question_bank"), ABSENT["int"])


def _questions(twin: Twin | None) -> list[int]:
    return twin.ids("assessments.Question") if twin else [ABSENT["int"]]


def _edit(twin: Twin | None) -> int:
    return twin.ids("assessments.BulkEdit")[0] if twin else ABSENT["int"]


def _exception(twin: Twin | None) -> int:
    return twin.ids("assessments.Override")[0] if twin else ABSENT["int"]


def _taken_back(twin: Twin | None) -> str:
    rows = twin.rows["memotrainer.Withdrawal"] if twin else []
    admin = twin.people["admin"].person_id if twin else 0
    return str(next((row["uid"] for row in rows if row["person_id"] == admin), ABSENT["uuid"]))


def _round(twin: Twin | None) -> str:
    rows = twin.rows["assessments.FeedbackRound"] if twin else []
    return str(next((row["uid"] for row in rows if row["closed_at"] is None), ABSENT["uuid"]))


GOAL = {"title": "A goal", "recall": 80, "days": 3, "coverage": 90}


def _quiz_id(twin: Twin | None) -> int:
    return twin.values("memotrainer.GoalPart", "of_id")[0] if twin else ABSENT["int"]


def _first_quiz(twin: Twin | None) -> str:
    """The slug of the quiz that the twin's goal is about."""
    rows = {row["id"]: row["slug"] for row in twin.rows["ecosystem.Element"]} if twin else {}
    return str(rows.get(_quiz_id(twin), ABSENT["slug"]))


VALID: dict[str, Callable[[Twin | None], tuple[str, dict[str, Any]]]] = {
    "content/new/<slug:kind>/": lambda twin: ("form", PAGE),
    "quizzes/<slug:slug>/": lambda twin: ("form", QUIZ),
    "quizzes/new/": lambda twin: ("form", {"title": "A quiz", "mode": "quiz", "bank": _bank_id(twin)}),
    "quizzes/<slug:slug>/rounds/": lambda twin: ("form", {"about": _learner(twin), "closes_at": _when(9)}),
    "quizzes/<slug:slug>/questions/": lambda twin: ("form", {"add": "section", "section-title": "A section"}),
    "quizzes/<slug:slug>/questions/take-out/": lambda twin: ("form", {"row": _section(twin)}),
    "quizzes/<slug:slug>/exceptions/": lambda twin: ("form", {"email": _learner(twin), "extra_minutes": 5}),
    "quizzes/<slug:slug>/again/<int:pk>/": lambda twin: ("form", {"way": "everybody", "because": "It was wrong."}),
    "marking/<int:pk>/": lambda twin: ("form", {"points": 1, "criterion_0": 1}),
    "content/<slug:slug>/edit/": lambda twin: ("form", {**PAGE, "base": 1}),
    "videos/<slug:slug>/watched/": lambda twin: ("json", {"position": 1, "spans": [[0, 1]]}),
    "packages/<slug:slug>/<int:position>/report/": lambda twin: ("json", {"cmi": {}, "sequence": 1}),
    "api/v1/pages/": lambda twin: ("json", {"title": "A page", "markdown": "Words"}),
    "api/v1/pages/<slug:slug>/restore/": lambda twin: ("json", {"number": 1, "base": 1}),
    "api/v1/pages/<slug:slug>/ticks/": lambda twin: ("json", {"items": []}),
    "api/v1/pages/<slug:slug>/helped/": lambda twin: ("json", {"helped": True}),
    "api/v1/pages/<slug:slug>/embeddable/": lambda twin: ("json", {"embeddable": True}),
    "api/v1/pages/<slug:slug>/images/": lambda twin: ("form", {"image": _picture(), "says": "A cup"}),
    "api/v1/files/": lambda twin: ("form", {"title": "A file", "upload": upload("a.pdf", PDF)}),
    "api/v1/links/": lambda twin: ("json", {"title": "A link", "url": "https://example.org/"}),
    "api/v1/videos/": lambda twin: (
        "form",
        {"title": "A video", "upload": upload("a.mp4", mp4()), "no_captions_because": "Silent."},
    ),
    "api/v1/videos/<slug:slug>/watched/": lambda twin: ("json", {"position": 1, "spans": [[0, 1]]}),
    "api/v1/packages/": lambda twin: ("form", {"title": "A package", "upload": upload("a.zip", package())}),
    "api/v1/packages/<slug:slug>/open/": lambda twin: ("json", {"position": 1}),
    "api/v1/packages/<slug:slug>/report/": lambda twin: ("json", {"position": 1, "cmi": {}, "sequence": 1}),
    "settings/audit/export/": lambda twin: ("form", {"kind": "csv"}),
    "delegations/view-as/": lambda twin: ("form", {"member": _member(twin)}),
    "delegations/<int:pk>/extend/": lambda twin: ("form", {"until": _when(90)[:10]}),
    "accounts/organisation/<slug:provider_id>/answer/": lambda twin: ("form", {"SAMLResponse": "said"}),
    "oauth/token/": lambda twin: ("form", {"grant_type": "client_credentials", **_application(twin)}),
    "oauth/revoke/": lambda twin: ("form", {"token": "any", **_application(twin)}),
    "api/v1/elements/<slug:slug>/offer/": lambda twin: ("json", {"to": twin.below if twin else "nobody-has-this"}),
    "api/v1/elements/<slug:slug>/take_back/": lambda twin: ("json", {"to": _below(twin)}),
    "api/v1/elements/<slug:slug>/move/": lambda twin: ("json", {"to": _below(twin), "preview": True}),
    "api/v1/environments/": lambda twin: (
        "json",
        {"name": "A name", "host": f"new.{twin.host if twin else 'nobody.localhost'}", "parent": _below(twin)},
    ),
    "settings/environments/new/": lambda twin: (
        "form",
        {"name": "A name", "host": f"new.{twin.host if twin else 'nobody.localhost'}", "parent": _below(twin)},
    ),
    "api/v1/enrolments/bulk/": lambda twin: ("json", {"run": _run(twin), "people": [_learner(twin)]}),
    "studio/new/": lambda twin: ("form", {"title": "A title"}),
    "studio/import/": lambda twin: ("form", {"file": upload("a.zip", COURSE)}),
    "courses/<slug:slug>/build/package/": lambda twin: ("form", {"what": "published"}),
    "tasks/<slug:slug>/": lambda twin: ("form", {"note": "Done."}),
    "guiding/<uuid:uid>/": lambda twin: ("form", {"do": "confirm", "words": "Well done."}),
    "api/v1/course-packages/": lambda twin: ("form", {"package": upload("a.zip", COURSE)}),
    "api/v1/task-reports/": lambda twin: ("json", {"task": _task(twin), "note": "Done."}),
    "api/v1/task-reports/<uuid:uid>/answer/": lambda twin: ("json", {"confirm": True}),
    "courses/<slug:slug>/build/": lambda twin: ("form", {"act": "block_add", "seen": 1, "title": "A title"}),
    "courses/<slug:slug>/build/publish/": lambda twin: ("form", {"seen": 1}),
    "courses/<slug:slug>/runs/": lambda twin: ("form", {"title": "A title", "pace": "fixed", "complete_at": 100}),
    "courses/<slug:slug>/runs/<uuid:uid>/people/": lambda twin: ("form", {"act": "pause", "chosen": _enrolment(twin)}),
    "courses/<slug:slug>/runs/<uuid:uid>/settings/": lambda twin: ("form", {"act": "copy", "title": "A title"}),
    "courses/<slug:slug>/runs/<uuid:uid>/version/": lambda twin: ("form", {"how": "new"}),
    "courses/<slug:slug>/build/<uuid:uid>/condition/": lambda twin: ("form", {"do": "clear"}),
    "courses/<slug:slug>/simulate/": lambda twin: (
        "form",
        {"do": "add", "name": "A name", "enrolled_on": _when(0)[:10], "role": "learner"},
    ),
    "courses/<slug:slug>/releases/": lambda twin: ("form", {"do": "release", "state": _waiting(twin)}),
    "api/v1/conditions/<uuid:uid>/": lambda twin: ("json", {"condition": {"role": "author"}}),
    "api/v1/enrolments/<int:pk>/release/": lambda twin: ("json", {"activity": _waiting_uid(twin)}),
    "api/v1/enrolments/<int:pk>/hold/": lambda twin: ("json", {"activity": _waiting_uid(twin)}),
    "api/v1/drafts/": lambda twin: ("json", {"course": _course(twin)}),
    "api/v1/drafts/<slug:slug>/edits/": lambda twin: ("json", {"act": "block_add", "seen": 1, "title": "A title"}),
    "api/v1/drafts/<slug:slug>/publish/": lambda twin: ("json", {"seen": 1}),
    "api/v1/runs/": lambda twin: ("json", {"course": _course(twin), "title": "A title"}),
    "api/v1/runs/<uuid:uid>/copy/": lambda twin: ("json", {"title": "A title"}),
    "api/v1/runs/<uuid:uid>/people/": lambda twin: ("json", {"act": "pause", "enrolments": [_enrolment(twin)]}),
    "api/v1/runs/<uuid:uid>/guides/": lambda twin: ("json", {"person": _learner(twin), "role": "mentor"}),
    "api/v1/runs/<uuid:uid>/groups/": lambda twin: ("json", {"group": _group(twin)}),
    "api/v1/runs/<uuid:uid>/version/": lambda twin: ("json", {"how": "new"}),
    "api/v1/members/bulk/": lambda twin: ("json", {"items": [{"email": _learner(twin), "name": "A name"}]}),
    "api/v1/delegations/<int:pk>/extend/": lambda twin: ("json", {"until": _when(90)}),
    "api/v1/groups/<int:pk>/remove/": lambda twin: ("json", {"person": _learner(twin)}),
    "api/v1/banks/<slug:slug>/import/": lambda twin: ("json", {"content": QUESTIONS}),
    "api/v1/banks/": lambda twin: ("json", {"title": "A title"}),
    "api/v1/banks/<slug:slug>/change/": lambda twin: ("json", {"questions": _questions(twin), "add_tags": ["one"]}),
    "api/v1/banks/<slug:slug>/undo/": lambda twin: ("json", {"edit": _edit(twin)}),
    "api/v1/banks/<slug:slug>/media/": lambda twin: ("form", {"media": _picture()}),
    "api/v1/banks/<slug:slug>/objectives/": lambda twin: ("json", {"text": "Say hello"}),
    "api/v1/quizzes/": lambda twin: ("json", {"title": "A quiz", "bank": _bank(twin)}),
    "api/v1/quizzes/<slug:slug>/": lambda twin: ("json", {"pass_mark": 0.4}),
    "api/v1/goals/": lambda twin: ("json", {"title": "A goal", "quizzes": [_first_quiz(twin)]}),
    "api/v1/goals/<slug:slug>/": lambda twin: ("json", {"recall": 70}),
    "api/v1/trainings/<slug:slug>/": lambda twin: ("json", {"minutes_a_day": 9}),
    "memo/goals/": lambda twin: ("form", GOAL | {"quizzes": [_quiz_id(twin)]}),
    "memo/goals/<slug:slug>/settings/": lambda twin: ("form", GOAL | {"quizzes": [_quiz_id(twin)]}),
    "api/v1/quizzes/<slug:slug>/questions/": lambda twin: ("json", {"questions": _questions(twin)}),
    "api/v1/quizzes/<slug:slug>/sections/": lambda twin: ("json", {"title": "A section", "text": "<p>A case</p>"}),
    "api/v1/quizzes/<slug:slug>/draws/": lambda twin: ("json", {"bank": _bank(twin), "count": 1}),
    "api/v1/quizzes/<slug:slug>/arrange/": lambda twin: ("json", {"questions": _questions(twin), "section": None}),
    "api/v1/quizzes/<slug:slug>/exceptions/": lambda twin: ("json", {"person": _learner(twin), "extra_minutes": 5}),
    "api/v1/quizzes/<slug:slug>/end_exception/": lambda twin: ("json", {"exception": _exception(twin)}),
    "api/v1/quizzes/<slug:slug>/rounds/": lambda twin: ("json", {"about": _learner(twin), "closes_at": _when(9)}),
    "api/v1/quizzes/<slug:slug>/close_round/": lambda twin: ("json", {"round": _round(twin)}),
    "api/v1/cards/undo/": lambda twin: ("json", {"id": _taken_back(twin)}),
    "api/v1/marking/<int:pk>/mark/": lambda twin: ("json", {"share": "1"}),
    "api/v1/questions/": lambda twin: (
        "json",
        {"bank": _bank(twin), "type": "true_false", "stem": "<p>Is it?</p>", "body": {"answer": True}},
    ),
    "banks/new/": lambda twin: ("form", {"title": "A title", "language": "en"}),
    "banks/<slug:slug>/bulk/": lambda twin: ("form", {"act": "tag", "tags": "one", "all": "1", "sure": "1"}),
    "banks/<slug:slug>/objectives/": lambda twin: ("form", {"text": "Say hello"}),
    "banks/<slug:slug>/objectives/<int:pk>/": lambda twin: ("form", {"text": "Say goodbye"}),
    "banks/<slug:slug>/questions/new/": lambda twin: ("form", {"save": "1", "stem": "Is it?", "points": 1}),
    "banks/<slug:slug>/questions/<int:pk>/edit/": lambda twin: ("form", {"save": "1", "stem": "Is it?", "points": 1}),
    "attempts/<uuid:uid>/<int:position>/files/": lambda twin: ("form", {"file": upload("a.pdf", PDF)}),
    "api/v1/attempts/<str:uid>/files/": lambda twin: ("form", {"position": 1, "upload": upload("a.pdf", PDF)}),
    "api/v1/banks/<slug:slug>/export/": lambda twin: ("json", {"format": "moodle_xml"}),
    "api/v1/questions/<int:pk>/": lambda twin: ("json", {"stem": "<p>Other?</p>", "tags": ["one"]}),
    "api/v1/certificates/<uuid:uid>/revoke/": lambda twin: ("json", {"because": "It was a mistake."}),
    "api/v1/kpis/<int:pk>/values/": lambda twin: ("json", {"month": "2026-06-01", "value": 2}),
    "api/v1/webhooks/<uuid:uid>/replay/": lambda twin: ("json", {"since": _when(-2), "until": _when(2)}),
}
