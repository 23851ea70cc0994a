"""What an attacker sends along: ids of the victim under every name that the code reads."""

from __future__ import annotations

import inspect
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey
from django.forms.models import model_to_dict
from django.utils import timezone

from api.queries import names_of
from ecosystem.models import TenantModel
from tests.guards.cross_alike import has_own, is_first_in_admin
from tests.guards.cross_bodies_events import VALID as OF_EVENTS
from tests.guards.cross_bodies_handins import VALID as OF_HANDINS
from tests.guards.cross_bodies_house import VALID as OF_HOUSE
from tests.guards.cross_bodies_lti import VALID as OF_LTI
from tests.guards.cross_bodies_social import VALID as OF_SOCIAL
from tests.guards.cross_routes import ABSENT, Route
from tests.guards.twins import TAG, WORD, Twin, tenant_models

PUSH_SERVICE = "https://fcm.googleapis.com/fcm/send"
# The browser in the example of RFC 8291: what a device sends along must be a key.
BROWSER_KEY = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
ROOT = Path(__file__).resolve().parents[2]
PAGING = frozenset({"fields", "limit", "cursor"})  # the same of every list: tests/api/test_kit.py
READ = re.compile(r"""(?:GET|query_params)(?:\.get|\.getlist)?[\[(]["'](\w+)["']""")


@cache
def names_in_code() -> list[str]:
    """Every query parameter that a view of ours reads."""
    found: set[str] = set()
    for path in ROOT.glob("*/**/*.py"):
        if path.relative_to(ROOT).parts[0] in {"tests", ".venv", "launcher", "bench", "tools"}:
            continue
        found |= set(READ.findall(path.read_text()))
    return sorted(found | {"q", "kind", "tag", "next"})


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


@cache
def form_of(route: Route, twin: Twin | None) -> dict[str, Any]:
    """Everything at once, as a posted form, to read only; in the admin also as chosen rows of the list."""
    values = dict(values_of(twin))
    model = route.model
    values["_selected_action"] = values["pk"]
    if model is not None and issubclass(model, TenantModel):
        values["_selected_action"] = twin.ids(model._meta.label) if twin else [ABSENT["int"]]
    return values | _management(route)


def json_of(twin: Twin | None) -> dict[str, Any]:
    """Everything at once as JSON, with the lists that devices send."""
    return _json_at(twin, timezone.now().replace(microsecond=0, second=0).isoformat())


@cache
def _json_at(twin: Twin | None, at: str) -> dict[str, Any]:
    values = values_of(twin)
    item = {
        "id": values["uid"],
        "position": 1,
        "fields": {"answer": ["a"]},
        "card": twin.ids("memotrainer.Card")[0] if twin else ABSENT["int"],
        "version": values["version"],
        "answer": {"answer": ["a"]},
        "at": at,
    }
    return values | {"items": [item], "ids": [values["pk"]]}


def valid_of(route: Route, twin: Twin | None) -> tuple[str, dict[str, Any]] | None:
    """("form" or "json", what the door takes when all is right); for doors that refuse everything at once."""
    known = (OF_HOUSE, OF_EVENTS, OF_HANDINS, OF_LTI, OF_SOCIAL)
    make = next((one[route.template] for one in known if route.template in one), None)
    return make(twin) if make else None


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


def _known_to(route: Route) -> set[str]:
    """What the kit lets through to a view of REST; all else is refused before it is asked (tests/api/test_reading.py)."""
    make = getattr(route.callback, "cls", None)
    if make is None:
        return set()
    view = make(**getattr(route.callback, "initkwargs", {}))
    view.action = getattr(route.callback, "actions", {}).get("get")
    return names_of(view)


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
        return _admin_queries(route, view, values, twin)
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
        return [{name: values.get(name, WORD)} for name in sorted(_known_to(route) - PAGING)]
    everything = {name: values.get(name, WORD) for name in names_in_code()}
    return [everything, *({name: values.get(name, WORD)} for name in _read_by(route))]


def _admin_queries(
    route: Route, view: admin.ModelAdmin, values: dict[str, Any], twin: Twin | None
) -> list[dict[str, Any]]:
    """Searches and filters for its lists; all its other pages read how they were opened, and nothing else.

    What Django reads, it reads for all: that is asked of the first model and of those with a method of their own for it.
    """
    is_first = is_first_in_admin(view)
    is_list = "<" not in route.template and not route.template.endswith("/add/")
    opened = (
        [{"_to_field": "id", "_popup": "1"}]
        if is_first or has_own(view, "changelist_view" if is_list else "changeform_view")
        else []
    )
    if not is_list:
        return opened
    names = {
        f"{column.name}__{_key_of(column)}exact": column
        for column in view.model._meta.concrete_fields
        if isinstance(column, ForeignKey) and column.name in values
    }
    # All filters at once, by a row of the victim that each of them finds; what that row has not, one at a time, if it
    # is a filter of the list.
    rows = twin.rows[view.model._meta.label] if twin else []
    fullest = max(rows, key=lambda row: sum(row[column.attname] is not None for column in names.values()), default={})
    at_once = {name: found for name, column in names.items() if (found := fullest.get(column.attname)) is not None}
    found: list[dict[str, Any]] = [{"q": WORD, "o": "1"}, *opened, *([at_once] if at_once else [])]
    found += [
        {name: values[it.name]} for name, it in names.items() if name not in at_once and it.name in view.list_filter
    ]
    beyond = [{"person__password__startswith": "argon2"}] if is_first or has_own(view, "lookup_allowed") else []
    return [*found, *beyond]


def _key_of(column: ForeignKey) -> str:
    """As Django's own filter calls it, where what is pointed at is no relation itself."""
    key = column.target_field
    return "" if key.is_relation else f"{key.name}__"
