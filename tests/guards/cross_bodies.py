"""What an attacker sends along: ids of the victim under every name that the code reads."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ForeignKey
from django.forms.models import model_to_dict
from django.utils import timezone
from PIL import Image

from ecosystem.models import TenantModel
from tests.content.making import PDF, mp4, upload
from tests.content.zips import package, zipped
from tests.guards.cross_bodies_events import VALID as OF_EVENTS
from tests.guards.cross_bodies_handins import VALID as OF_HANDINS
from tests.guards.cross_routes import ABSENT, Route
from tests.guards.twins import TAG, WORD, Twin, tenant_models

PUSH_SERVICE = "https://fcm.googleapis.com/fcm/send"
# The browser in the example of RFC 8291: what a device sends along must be a key.
BROWSER_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:GET|query_params)(?:\.get|\.getlist)?[\[(]["'](\w+)["']""")


def names_in_code() -> set[str]:
    """Every query parameter that a view of ours reads."""
    found: set[str] = set()
    for path in ROOT.glob("*/**/*.py"):
        if path.relative_to(ROOT).parts[0] in {"tests", ".venv", "launcher", "bench", "tools"}:
            continue
        found |= set(READ.findall(path.read_text()))
    return found | {"q", "kind", "tag", "next"}


def _first(twin: Twin, label: str, column: str) -> Any:
    return twin.values(label, column)[0]


@cache
def values_of(twin: Twin | None) -> dict[str, Any]:
    """A value per field name: the victim's, or (None) one of the same form that no row has; read only."""
    number, uid, slug = ABSENT["int"], str(ABSENT["uuid"]), ABSENT["slug"]
    values: dict[str, Any] = {}
    for model in tenant_models():
        for column in model._meta.concrete_fields:
            if not isinstance(column, ForeignKey) or column.name == "environment":
                continue
            known = [row[column.attname] for row in twin.rows[model._meta.label] if row[column.attname]] if twin else []
            values.setdefault(column.name, known[0] if known else number)
    values |= {
        "pk": _first(twin, "ecosystem.Element", "id") if twin else number,
        "id": _first(twin, "ecosystem.Element", "id") if twin else number,
        "environment": twin.environment.pk if twin else number,
        "uid": str(_first(twin, "memotrainer.Review", "uid")) if twin else uid,
        "slug": _first(twin, "ecosystem.Element", "slug") if twin else slug,
        "course": _first(twin, "ecosystem.Element", "slug") if twin else slug,
        "serial": _first(twin, "certificates.Certificate", "serial") if twin else ABSENT["str"],
        "email": twin.people["learner"].person.email if twin else "nobody@example.org",
        "login": twin.people["learner"].person.email if twin else "nobody@example.org",
        "endpoint": _first(twin, "notifications.PushDevice", "endpoint") if twin else f"{PUSH_SERVICE}/nobody",
        "p256dh": BROWSER_KEY,
        "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    }
    return values | {
        "password": "not the password", "next": "/", "go": "next", "theme": "dark", "language": "nl", "again": "1",
        "action": "delete_selected", "q": WORD, "tag": TAG, "name": "A name", "scopes": ["read"], "days": 30,
        "kind": "course", "page": "1", "key": "f" * 64, "filename": "x.xml", "answer": "a", "has_flag": "1",
        "post": "yes", "chosen": _first(twin, "ecosystem.Membership", "id") if twin else number, "act": "end", "sure": "1",
    }  # fmt: skip


def form_of(route: Route, twin: Twin | None) -> dict[str, Any]:
    """Everything at once, as a posted form; in the admin also as chosen rows of the list."""
    values = dict(values_of(twin))
    model = route.model
    values["_selected_action"] = values["pk"]
    if model is not None and issubclass(model, TenantModel):
        values["_selected_action"] = twin.ids(model._meta.label) if twin else [ABSENT["int"]]
    return values | _management(route)


def json_of(twin: Twin | None) -> dict[str, Any]:
    """Everything at once as JSON, with the lists that devices send."""
    values = values_of(twin)
    item = {
        "id": values["uid"],
        "position": 1,
        "fields": {"answer": ["a"]},
        "card": twin.ids("memotrainer.Card")[0] if twin else ABSENT["int"],
        "version": values["version"],
        "answer": {"answer": ["a"]},
        "at": timezone.now().replace(microsecond=0, second=0).isoformat(),
    }
    return values | {"items": [item], "ids": [values["pk"]]}


def valid_of(route: Route, twin: Twin | None) -> tuple[str, dict[str, Any]] | None:
    """("form" or "json", what the door takes when all is right); for doors that refuse everything at once."""
    make = VALID.get(route.template) or OF_EVENTS.get(route.template) or OF_HANDINS.get(route.template)
    return make(twin) if make else None


def _when(days: int) -> str:
    day = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return day.isoformat()


def _learner(twin: Twin | None) -> str:
    return twin.people["learner"].person.email if twin else "nobody@example.org"


def _run(twin: Twin | None) -> str:
    return str(_first(twin, "courses.CourseRun", "uid") if twin else ABSENT["uuid"])


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
    "api/v1/banks/<slug:slug>/objectives/": lambda twin: ("json", {"text": "Say hello"}),
    "api/v1/quizzes/": lambda twin: ("json", {"title": "A quiz", "bank": _bank(twin)}),
    "api/v1/quizzes/<slug:slug>/": lambda twin: ("json", {"pass_mark": 0.4}),
    "api/v1/goals/": lambda twin: ("json", {"title": "A goal", "quizzes": [_first_quiz(twin)]}),
    "api/v1/goals/<slug:slug>/": lambda twin: ("json", {"recall": 70}),
    "api/v1/trainings/<slug:slug>/": lambda twin: ("json", {"minutes_a_day": 9}),
    "memo/goals/": lambda twin: ("form", GOAL | {"quizzes": [_quiz_id(twin)]}),
    "memo/goals/<slug:slug>/settings/": lambda twin: ("form", GOAL | {"quizzes": [_quiz_id(twin)]}),
    "api/v1/quizzes/<slug:slug>/questions/": lambda twin: ("json", {"questions": _questions(twin)}),
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
    "api/v1/banks/<slug:slug>/export/": lambda twin: ("json", {"format": "moodle_xml"}),
    "api/v1/questions/<int:pk>/": lambda twin: ("json", {"stem": "<p>Other?</p>", "tags": ["one"]}),
    "api/v1/certificates/<uuid:uid>/revoke/": lambda twin: ("json", {"because": "It was a mistake."}),
    "api/v1/kpis/<int:pk>/values/": lambda twin: ("json", {"month": "2026-06-01", "value": 2}),
    "api/v1/webhooks/<uuid:uid>/replay/": lambda twin: ("json", {"since": _when(-2), "until": _when(2)}),
}


def _management(route: Route) -> dict[str, Any]:
    view = getattr(route.callback, "model_admin", None)
    counts: dict[str, Any] = {}
    for inline in getattr(view, "inlines", ()):
        prefix = inline.model._meta.model_name
        for start in (f"{prefix}_set", prefix, f"{prefix}s", "credits", "versions", "values"):
            counts |= {f"{start}-TOTAL_FORMS": 0, f"{start}-INITIAL_FORMS": 0}
    return counts


def one_foreign_field(route: Route, attacker: Twin, victim: Twin) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The attacker's own valid form with one reference at a time to the victim's row, and to no row."""
    view = getattr(route.callback, "model_admin", None)
    model = route.model
    if (
        not route.template.endswith(("/add/", "/change/"))
        or view is None
        or model is None
        or not issubclass(model, TenantModel)
    ):
        return []
    own = _as_form(model, attacker) | _management(route)
    theirs, nobody = values_of(victim), values_of(None)
    return [
        (own | {column.name: theirs[column.name]}, own | {column.name: nobody[column.name]})
        for column in model._meta.concrete_fields
        if isinstance(column, ForeignKey) and column.name != "environment"
    ]


def _as_form(model: type[TenantModel], twin: Twin) -> dict[str, Any]:
    columns = {column.attname for column in model._meta.concrete_fields}
    row = twin.rows[model._meta.label][0]
    values = model_to_dict(model(**{name: value for name, value in row.items() if name in columns}))
    return {name: "" if value is None else value for name, value in values.items() if _postable(value)}


def _postable(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | list)


NAMES = sorted(names_in_code())


def _read_by(route: Route) -> list[str]:
    """The query parameters that the module of the view reads."""
    module = sys.modules.get(getattr(inspect.unwrap(route.callback), "__module__", ""))
    source = inspect.getsource(module) if module else ""
    return sorted(set(READ.findall(source)) | {"q", "kind", "tag"} & set(re.findall(r'"(\w+)"', source)))


def queries_of(route: Route, twin: Twin | None) -> list[dict[str, Any]]:
    """One query parameter at a time; in the admin the searches and filters of its lists."""
    values = values_of(twin)
    view = getattr(route.callback, "model_admin", None)
    if view is not None:
        return _admin_queries(route, view, values)
    if route.template == "admin/autocomplete/":
        return [
            {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": column.name,
                "term": "",
            }
            for model in admin.site._registry
            for column in model._meta.concrete_fields
            if isinstance(column, ForeignKey) and issubclass(model, TenantModel)
        ]
    if route.template.startswith("admin/"):
        return []
    if route.is_api:
        filters = getattr(getattr(route.callback, "cls", None), "filterset_class", None)
        declared = set(getattr(filters, "base_filters", {})) | {"q", "limit", "cursor"}
        return [{name: values.get(name, WORD)} for name in sorted(declared)]
    everything = {name: values.get(name, WORD) for name in NAMES}
    return [everything, *({name: values.get(name, WORD)} for name in _read_by(route))]


def _admin_queries(route: Route, view: admin.ModelAdmin, values: dict[str, Any]) -> list[dict[str, Any]]:
    """Searches and filters for its lists; all its other pages read how they were opened, and nothing else."""
    opened = {"_to_field": "id", "_popup": "1"}
    if "<" in route.template or route.template.endswith("/add/"):
        return [opened]
    found: list[dict[str, Any]] = [{"q": WORD, "o": "1"}, opened, {"environment__id__exact": "2"}]
    found += [
        {f"{column.name}__id__exact": values[column.name]}
        for column in view.model._meta.concrete_fields
        if isinstance(column, ForeignKey) and column.name in values
    ]
    return [*found, {"person__password__startswith": "argon2"}]
