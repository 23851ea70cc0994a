"""Every address the resolver knows, and what an attacker would put into it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any
from uuid import UUID

from allauth.account.utils import user_pk_to_url_str
from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern
from django.views.decorators.http import require_http_methods

from ecosystem.list_kinds import LIST_KINDS
from ecosystem.models import Environment, IdentityProvider, Invitation, Person, TenantModel
from ecosystem.organisation import provider_id_of
from ecosystem.registry import measures
from ecosystem.scope import open_scope
from notifications.enums import DIGEST
from notifications.selectors import stop_path
from tests.guards.cross_rows import BY_LOT, KIND_OF_SLUG, MODEL_OF_NUMBER, MODEL_OF_UID, OF_CONTENT, ROUNDS_OF
from tests.guards.scene_events import feed_secret
from tests.guards.twins import SHARED, Twin

PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
GROUP = re.compile(r"\(\?P<(?P<name>\w+)>[^()]*\)")
VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# An id of the same form that nobody has.
ABSENT = {
    "slug": "nobody-has-this",
    "uuid": UUID("00000000-0000-4000-8000-000000000000"),
    "int": 987654321,
    "str": "ZZZZ-ZZZZ-ZZZZ",
    "path": "987654321",
    "anything": "v1/nothing/",
}


@dataclass(frozen=True)
class Route:
    """``template`` is the path with ``<converter:name>`` for each parameter, without a leading slash."""

    template: str
    callback: Callable[..., Any]

    @property
    def parameters(self) -> list[tuple[str, str]]:
        return [(found["name"], found["converter"] or "str") for found in PARAMETER.finditer(self.template)]

    @property
    def is_api(self) -> bool:
        return self.template.startswith("api/")

    @cached_property
    def verbs(self) -> frozenset[str]:
        """Over REST the methods that the view has; of a page those it names, if it does."""
        view = getattr(self.callback, "cls", None)
        if not self.is_api or view is None:
            return _named(self.callback) or VERBS
        actions = getattr(self.callback, "actions", None)
        has = {"options", *(actions or dir(view))}
        return frozenset(verb for verb in VERBS if verb.lower() in has or (verb == "HEAD" and "get" in has))

    @cached_property
    def takes_forms(self) -> bool:
        """Most of REST reads JSON only, and says so to anything else before it reads it."""
        view = getattr(self.callback, "cls", None)
        given = getattr(self.callback, "initkwargs", {}).get("parser_classes", getattr(view, "parser_classes", None))
        return given is None or any("form" in parser.media_type for parser in given)

    @property
    def model(self) -> type[Model] | None:
        """The model whose rows the route is about, when the view says so."""
        view = getattr(self.callback, "model_admin", None)
        if view is not None:
            return view.model
        queryset = getattr(getattr(self.callback, "cls", None), "queryset", None)
        if queryset is not None:
            return queryset.model
        label = next((label for start, label in MODEL_OF_NUMBER.items() if self.template.startswith(start)), None)
        return apps.get_model(label) if label else None

    def path(self, values: dict[str, Any]) -> str:
        return "/" + PARAMETER.sub(lambda found: str(values[found["name"]]), self.template)


def _named(view: Any) -> frozenset[str]:
    """The methods that a page's ``require_http_methods`` lets through, wherever among its decorators that stands."""
    while view is not None:
        code = getattr(view, "__code__", None)
        if code is not None and code.co_filename == require_http_methods.__code__.co_filename:
            held = dict(zip(code.co_freevars, (cell.cell_contents for cell in view.__closure__), strict=True))
            return frozenset(held["request_method_list"])
        view = getattr(view, "__wrapped__", None)
    return frozenset()


def routes(urlconf: str | None = None) -> list[Route]:
    return list(_walk(get_resolver(urlconf), ""))


def _walk(resolver: URLResolver, before: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = str(entry.pattern)
        if isinstance(entry.pattern, RegexPattern):
            here = GROUP.sub(r"<path:\g<name>>", here.strip("^$").replace("\\", "").removeprefix("/"))
            here = here.removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, before + here)
        else:
            yield Route(before + here, entry.callback)


class Filler:
    """Values for the parameters of a route: ``of(twin)`` real ones, ``absent`` ones of the same form."""

    def __init__(self, *twins: Twin) -> None:
        self.secrets = {twin.environment.pk: _secrets(twin) for twin in twins}

    def real(self, route: Route, twin: Twin) -> list[dict[str, Any]]:
        """The plausible ways to fill the route with rows of the twin; at least one."""
        names = [name for name, _converter in route.parameters]
        found = [self._values(route, name, converter, twin) for name, converter in route.parameters]
        return [dict(zip(names, values, strict=True)) for values in product(*found)]

    def is_by_lot(self, route: Route) -> bool:
        """Whether the place of a row among those of one twin says nothing of the other's."""
        label = route.model._meta.label if route.model is not None else ""
        return not BY_LOT.isdisjoint({label, self._label_of_uid(route)})

    def absent(self, route: Route, like: dict[str, Any]) -> dict[str, Any]:
        """The same, with every id that names a row replaced by one that no row has."""
        return {
            name: like[name] if name in NEUTRAL else _absent(name, converter) for name, converter in route.parameters
        }

    def _values(self, route: Route, name: str, converter: str, twin: Twin) -> list[Any]:
        if name in NEUTRAL:
            return NEUTRAL[name](route)
        if name == "object_id" and route.model is None:  # admin/r/: any row, its kind is the other parameter
            return [twin.ids("ecosystem.Element")[0]]
        if name in {"object_id", "pk"}:
            return self._keys(route, twin)
        secrets = self.secrets[twin.environment.pk]
        if route.template.startswith("people/faces/"):
            return secrets["face"]
        if name == "uid" and (
            pointing := next((it for end, it in ROUNDS_OF.items() if route.template.endswith(end)), "")
        ):
            ids = {row["round_id"] for row in twin.rows[pointing]}
            return [row["uid"] for row in twin.rows["handins.Round"] if row["id"] in ids]
        if name == "uid" and (label := self._label_of_uid(route)):
            return _chosen(twin, label, "uid")
        if name in secrets:
            return secrets[name]
        if route.model is Environment:
            return [twin.environment.slug, twin.below]
        if converter == "slug" or name == "slug":
            kinds = next((kinds for start, kinds in KIND_OF_SLUG.items() if route.template.startswith(start)), None)
            rows = [
                row
                for row in twin.rows["ecosystem.Element"]
                if (row["kind"] in kinds if kinds else row["kind"] not in OF_CONTENT)
            ]
            return [row["slug"] for row in rows if row["slug"] != SHARED] + [SHARED]
        raise LookupError(f"{route.template}: say in cross_rows.py what <{converter}:{name}> names.")

    @staticmethod
    def _label_of_uid(route: Route) -> str:
        model = route.model
        if route.template.endswith("impact/<uuid:uid>/"):
            return "courses.CourseRun"
        if model is not None and any(field.name == "uid" for field in model._meta.concrete_fields):
            return model._meta.label
        return next((label for start, label in MODEL_OF_UID.items() if route.template.startswith(start)), "")

    @staticmethod
    def _keys(route: Route, twin: Twin) -> list[Any]:
        if route.model is None:
            raise LookupError(f"{route.template}: say in MODEL_OF_NUMBER which rows the number means.")
        if not issubclass(route.model, TenantModel):
            return [1]
        if route.template.startswith("settings/look/"):  # entries of one act
            rows = twin.rows["ecosystem.AuditEntry"]
            return [row["id"] for row in rows if row["act"] == "environment.look_changed"][-1:]
        return _chosen(twin, route.model._meta.label, "id")


def _chosen(twin: Twin, label: str, column: str) -> list[Any]:
    """Some rows, among them some of the administrator, whose token it is, and some about their work."""
    admin = twin.people["admin"].person_id
    own = [row[column] for row in twin.rows[label] if row.get("person_id") == admin]
    about = [row[column] for row in twin.rows[label] if row.get("author_id") == admin]
    return list(dict.fromkeys([*_spread(twin.values(label, column)), *own[:5], *about[-2:]]))


def _spread(values: list[Any]) -> list[Any]:
    """The first, the middle and the last: enough to meet a row of each person."""
    return list(dict.fromkeys([values[0], values[len(values) // 2], values[-1]]))


def _absent(name: str, converter: str) -> Any:
    if name == "secret":
        return "calendar-of-nobody"
    if name == "sha256":
        return "f" * 64
    if name == "uid":
        return ABSENT["uuid"]
    if name == "slug":
        return ABSENT["slug"]
    if name == "digest":
        return "0123456789abcdef"
    if name == "uidb36":
        return "zzzzz"
    if name == "provider_id":
        return "nobody-has-this"
    return ABSENT[converter]


def _secrets(twin: Twin) -> dict[str, list[Any]]:
    """What names a row without being its key."""
    learner = twin.people["learner"].person_id
    with open_scope(environment_id=twin.environment.pk):
        token = stop_path(person_id=learner, kind=DIGEST).rstrip("/").rsplit("/", 1)[-1]
        person = Person.objects.get(pk=learner)
        invitation = Invitation.objects.get(state="open")
        providers = list(IdentityProvider.objects.order_by("pk"))
    uids = [
        uid
        for label in (
            "api.WebhookEndpoint",
            "assessments.Attempt",
            "assessments.BankImport",
            "assessments.FeedbackRound",
            "certificates.Certificate",
            "courses.Activity",
            "courses.CourseRun",
            "courses.TaskReport",
            "events.Seat",
            "handins.HandinFile",
            "handins.Round",
            "handins.Submission",
            "handins.Exemplar",
            "handins.FeedbackFile",
            "handins.PeerReview",
            "handins.PeerSample",
            "handins.Remark",
            "handins.Confirmation",
            "handins.Conflict",
            "handins.Team",
            "handins.SavedComment",
            "handins.Similarity",
            "handins.Upload",
            "social.Post",
            "social.Thread",
            "ecosystem.DataExport",
            "ecosystem.Element",
            "ecosystem.EnvironmentExport",
            "ecosystem.Invitation",
        )
        for uid in twin.values(label, "uid")
    ]
    return {
        "uid": uids,
        "face": [person.picture.name.removeprefix("faces/").removesuffix(".webp")],
        "person_id": [twin.people[role].person_id for role in ("learner", "manager")],
        "serial": _spread(twin.values("certificates.Certificate", "serial")),
        "sha256": [*twin.values("assessments.Picture", "sha256"), *twin.values("content.Image", "sha256")],
        "token": [token, invitation.token],
        "secret": [feed_secret(twin)],
        "digest": [twin.environment.theme_hash],
        "provider_id": [provider_id_of(provider) for provider in providers],
        "uidb36": [user_pk_to_url_str(person)],
    }


def _key(route: Route) -> str:
    if route.template.startswith("settings/values/"):
        return "session_days"
    return next(iter(measures)).key if route.is_api else "abc-set-password"


def _kinds(route: Route) -> list[str]:
    if route.template.startswith("content/new/"):
        return ["page", "link"]
    return sorted(LIST_KINDS) if route.template.startswith("lists/") else ["imprint"]


# Parameters that name no row of anybody.
NEUTRAL: dict[str, Callable[[Route], list[Any]]] = {
    "position": lambda route: [1],
    "size": lambda route: [192],
    "key": lambda route: [_key(route)],
    "number": lambda route: [1],
    "code": lambda route: ["aaaaaaaaaaaaaaaa"],
    "kind": _kinds,
    "app_label": lambda route: sorted({model._meta.app_label for model in admin.site._registry}),
    "name": lambda route: ["20260101-000000-1.log-0"],  # a file of /dev/mail/, which tests do not have
    "url": lambda route: ["nothing/here/"],
    "rest": lambda route: ["v1/nothing/"],
    "content_type_id": lambda route: [
        ContentType.objects.get_for_model(apps.get_model("ecosystem", "Element")).pk,
    ],
}
