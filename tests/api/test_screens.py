"""Everything that a screen writes, other software can write too, or there is a reason why not."""

import ast
import inspect
import textwrap

from django.contrib import admin

from ecosystem.admin_site import ReadOnlyAdmin, ScopedAdmin
from tests.api.routes import api_patterns, methods_of
from tests.guards.cross_routes import Route, routes

# Address of a screen that writes -> the routes that do the same.
ROUTES = {
    "quiz/<slug:slug>/": ["v1/assessments/<str:slug>/attempts/"],
    "attempts/<uuid:uid>/<int:position>/": ["v1/attempts/<str:uid>/answers/"],
    "attempts/<uuid:uid>/<int:position>/files/": ["v1/attempts/<str:uid>/files/"],
    "attempts/<uuid:uid>/answers/": ["v1/attempts/<str:uid>/answers/"],
    "attempts/<uuid:uid>/finish/": ["v1/attempts/<str:uid>/finish/"],
    "banks/new/": ["v1/banks/"],
    "banks/<slug:slug>/import/": ["v1/banks/<slug:slug>/import/"],
    "banks/<slug:slug>/import/<uuid:uid>/agree/": ["v1/banks/<slug:slug>/import/"],
    "banks/<slug:slug>/bulk/": ["v1/banks/<slug:slug>/change/", "v1/quizzes/<slug:slug>/questions/"],
    "banks/<slug:slug>/bulk/<int:pk>/undo/": ["v1/banks/<slug:slug>/undo/"],
    "banks/<slug:slug>/objectives/": ["v1/banks/<slug:slug>/objectives/"],
    "banks/<slug:slug>/objectives/<int:pk>/": ["v1/banks/<slug:slug>/objectives/"],
    "marking/<int:pk>/": ["v1/marking/<int:pk>/mark/"],
    "quizzes/new/": ["v1/quizzes/"],
    "quizzes/<slug:slug>/": ["v1/quizzes/<slug:slug>/"],
    "quizzes/<slug:slug>/questions/": [
        "v1/quizzes/<slug:slug>/sections/",
        "v1/quizzes/<slug:slug>/draws/",
        "v1/quizzes/<slug:slug>/arrange/",
    ],
    "quizzes/<slug:slug>/questions/take-out/": [
        "v1/quizzes/<slug:slug>/sections/",
        "v1/quizzes/<slug:slug>/draws/",
        "v1/quizzes/<slug:slug>/questions/",
    ],
    "quizzes/<slug:slug>/exceptions/": ["v1/quizzes/<slug:slug>/exceptions/"],
    "quizzes/<slug:slug>/exceptions/<int:pk>/end/": ["v1/quizzes/<slug:slug>/end_exception/"],
    "quizzes/<slug:slug>/rounds/": ["v1/quizzes/<slug:slug>/rounds/"],
    "quizzes/<slug:slug>/rounds/<uuid:uid>/close/": ["v1/quizzes/<slug:slug>/close_round/"],
    "studio/new/": ["v1/drafts/"],
    "studio/import/": ["v1/course-packages/"],
    "events/<slug:slug>/": [
        "v1/seats/",
        "v1/seats/<uuid:uid>/answer/",
        "v1/seats/<uuid:uid>/cancel/",
        "v1/seats/<uuid:uid>/pass/",
        "v1/events/<slug:slug>/evaluate/",
    ],
    "events/here/<int:pk>/<str:code>/": ["v1/event-sessions/<int:pk>/check-in/"],
    "calendar/address/": ["v1/calendar/", "v1/events/<slug:slug>/calendar-address/"],
    "calendar/address/end/": ["v1/calendar/", "v1/events/<slug:slug>/end-calendar-address/"],
    "organise/new/": ["v1/events/"],
    "organise/<slug:slug>/settings/": ["v1/events/<slug:slug>/"],
    "organise/<slug:slug>/sessions/": ["v1/events/<slug:slug>/sessions/"],
    "organise/<slug:slug>/sessions/<int:pk>/": ["v1/event-sessions/<int:pk>/"],
    "organise/<slug:slug>/price/": ["v1/events/<slug:slug>/", "v1/event-codes/", "v1/event-codes/<int:pk>/"],
    "organise/lending/all/": ["v1/equipment/"],
    "organise/lending/<int:pk>/": ["v1/equipment/<int:pk>/"],
    "organise/requests/": ["v1/seats/<uuid:uid>/decide/"],
    "organise/<slug:slug>/rules/": ["v1/events/<slug:slug>/"],
    "organise/<slug:slug>/repeat/": ["v1/events/<slug:slug>/repeat/"],
    "organise/<slug:slug>/questions/": ["v1/events/<slug:slug>/questions/", "v1/events/<slug:slug>/end-question/"],
    "organise/<slug:slug>/move/": ["v1/seats/<uuid:uid>/move/"],
    "organise/<slug:slug>/people/": ["v1/seats/", "v1/seats/<uuid:uid>/cancel/"],
    "organise/<slug:slug>/cancel/": ["v1/events/<slug:slug>/cancel/"],
    "organise/attendance/<int:pk>/marks/": ["v1/event-sessions/<int:pk>/attendance/"],
    "organise/attendance/<int:pk>/": ["v1/event-sessions/<int:pk>/attendance/"],
    "tools/new/": ["v1/tool-activities/"],
    "tools/<slug:slug>/settings/": ["v1/tool-activities/<slug:slug>/"],
    "prompts/new/": ["v1/discussions/"],
    "prompts/<slug:slug>/": ["v1/discussions/<slug:slug>/"],
    "discussions/<slug:slug>/": ["v1/threads/"],
    "discussions/threads/<uuid:uid>/": ["v1/posts/"],
    "discussions/threads/<uuid:uid>/pin/": ["v1/threads/<uuid:uid>/pin/"],
    "discussions/posts/<uuid:uid>/": ["v1/posts/<uuid:uid>/"],
    "discussions/posts/<uuid:uid>/withdraw/": ["v1/posts/<uuid:uid>/withdraw/"],
    "discussions/posts/<uuid:uid>/hide/": ["v1/posts/<uuid:uid>/hide/"],
    "discussions/posts/<uuid:uid>/show/": ["v1/posts/<uuid:uid>/show/"],
    "discussions/posts/<uuid:uid>/helpful/": ["v1/posts/<uuid:uid>/helpful/"],
    "handins/<slug:slug>/": [
        "v1/handins/",
        "v1/handins/<uuid:uid>/",
        "v1/handins/<uuid:uid>/files/",
        "v1/handins/<uuid:uid>/remove_file/",
        "v1/handins/<uuid:uid>/submit/",
        "v1/handins/<uuid:uid>/withdraw/",
        "v1/uploads/",
        "v1/uploads/<uuid:uid>/",
        "v1/uploads/<uuid:uid>/finish/",
    ],
    "reviewing/<uuid:uid>/": [
        "v1/handins/<uuid:uid>/review/",
        "v1/handins/<uuid:uid>/mark/",
        "v1/handins/release/",
        "v1/handins/<uuid:uid>/independent/",
        "v1/handins/<uuid:uid>/agree/",
    ],
    "reviewing/<uuid:uid>/files/": ["v1/uploads/", "v1/uploads/<uuid:uid>/finish/"],
    "reviewing/<uuid:uid>/remarks/": ["v1/remarks/", "v1/remarks/<uuid:uid>/"],
    "reviewing/comments/": ["v1/saved-comments/", "v1/saved-comments/<uuid:uid>/"],
    "reviewing/<uuid:uid>/exemplar/": ["v1/exemplars/"],
    "handins/exemplars/<uuid:uid>/answer/": ["v1/exemplars/<uuid:uid>/answer/"],
    "reviewing/<uuid:uid>/reopen/": ["v1/handins/<uuid:uid>/reopen/"],
    "reviewing/<uuid:uid>/unmark/": ["v1/handins/<uuid:uid>/unmark/"],
    "reviewing/release/": ["v1/handins/release/"],
    "reviewing/<slug:slug>/worksheet/": ["v1/handins/<uuid:uid>/mark/"],
    "reviewing/stage/": ["v1/handins/stage/"],
    "reviewing/allocate/": ["v1/handins/allocate/"],
    "reviewing/<slug:slug>/allocation/": ["v1/assignments/<slug:slug>/allocate/"],
    "reviewing/<slug:slug>/teams/": ["v1/teams/", "v1/teams/form/"],
    "reviewing/teams/<uuid:uid>/": [
        "v1/teams/<uuid:uid>/",
        "v1/teams/<uuid:uid>/join/",
        "v1/teams/<uuid:uid>/leave/",
    ],
    "handins/peers/<uuid:uid>/": ["v1/peer-reviews/<uuid:uid>/", "v1/peer-reviews/<uuid:uid>/send/"],
    "handins/peers/<uuid:uid>/answer/": [
        "v1/peer-reviews/<uuid:uid>/answer/",
        "v1/peer-reviews/<uuid:uid>/flag/",
    ],
    "handins/samples/<uuid:uid>/": ["v1/peer-samples/<uuid:uid>/attempt/"],
    "reviewing/<slug:slug>/peers/": ["v1/peer-plans/<slug:slug>/open/", "v1/peer-plans/<slug:slug>/drop/"],
    "reviewing/peers/<uuid:uid>/": ["v1/peer-reviews/<uuid:uid>/exclude/"],
    "reviewing/<slug:slug>/samples/": ["v1/peer-samples/"],
    "reviewing/samples/<uuid:uid>/": ["v1/peer-samples/<uuid:uid>/"],
    "assignments/<slug:slug>/peers/": ["v1/peer-plans/<slug:slug>/"],
    "reviewing/<uuid:uid>/verdict/": ["v1/handins/<uuid:uid>/verdict/"],
    "confirming/<uuid:uid>/": ["v1/confirmations/<uuid:uid>/answer/"],
    "reviewing/conflicts/": ["v1/conflicts/"],
    "reviewing/conflicts/<uuid:uid>/end/": ["v1/conflicts/<uuid:uid>/"],
    "reviewing/<uuid:uid>/conflict/": ["v1/handins/<uuid:uid>/conflict/"],
    "reviewing/<uuid:uid>/names/": ["v1/handins/<uuid:uid>/reveal/"],
    "reviewing/<uuid:uid>/adjust/": ["v1/handins/<uuid:uid>/adjust/"],
    "reviewing/<slug:slug>/extensions/": ["v1/assignments/<slug:slug>/extensions/"],
    "assignments/new/": ["v1/assignments/"],
    "assignments/<slug:slug>/": ["v1/assignments/<slug:slug>/"],
    "assignments/<slug:slug>/rubric/": ["v1/assignments/<slug:slug>/rubric/"],
    "tasks/<slug:slug>/": ["v1/task-reports/"],
    "guiding/<uuid:uid>/": ["v1/task-reports/<uuid:uid>/answer/"],
    "courses/<slug:slug>/build/": ["v1/drafts/<slug:slug>/edits/", "v1/pages/", "v1/links/", "v1/tool-activities/"],
    "courses/<slug:slug>/build/publish/": ["v1/drafts/<slug:slug>/publish/"],
    "courses/<slug:slug>/build/<uuid:uid>/condition/": ["v1/conditions/<uuid:uid>/"],
    "courses/<slug:slug>/runs/": ["v1/runs/"],
    "courses/<slug:slug>/runs/<uuid:uid>/people/": ["v1/runs/<uuid:uid>/people/", "v1/enrolments/bulk/"],
    "courses/<slug:slug>/runs/<uuid:uid>/file/": ["v1/runs/<uuid:uid>/people/"],
    "courses/<slug:slug>/runs/<uuid:uid>/settings/": [
        "v1/runs/<uuid:uid>/",
        "v1/runs/<uuid:uid>/copy/",
        "v1/runs/<uuid:uid>/groups/",
        "v1/runs/<uuid:uid>/guides/",
    ],
    "courses/<slug:slug>/runs/<uuid:uid>/version/": ["v1/runs/<uuid:uid>/version/"],
    "courses/<slug:slug>/releases/": ["v1/enrolments/<int:pk>/release/", "v1/enrolments/<int:pk>/hold/"],
    "catalogue/<slug:slug>/enrol/": ["v1/courses/<slug:slug>/enrol/"],
    "learn/<slug:slug>/done/": [
        "v1/pages/<slug:slug>/done/",
        "v1/files/<slug:slug>/done/",
        "v1/links/<slug:slug>/done/",
    ],
    "content/new/<slug:kind>/": ["v1/pages/", "v1/files/", "v1/links/", "v1/videos/", "v1/packages/"],
    "content/<slug:slug>/edit/": [
        "v1/pages/<slug:slug>/",
        "v1/pages/<slug:slug>/images/",
        "v1/files/<slug:slug>/",
        "v1/links/<slug:slug>/",
        "v1/videos/<slug:slug>/",
        "v1/packages/<slug:slug>/",
    ],
    "content/<slug:slug>/versions/<int:number>/restore/": ["v1/pages/<slug:slug>/restore/"],
    "content/<slug:slug>/check/": ["v1/links/<slug:slug>/check/"],
    "videos/<slug:slug>/watched/": ["v1/videos/<slug:slug>/watched/", "v1/videos/<slug:slug>/open/"],
    "packages/<slug:slug>/<int:position>/report/": [
        "v1/packages/<slug:slug>/report/",
        "v1/packages/<slug:slug>/open/",
    ],
    "support/missed/<int:pk>/handled/": ["v1/missed-searches/<int:pk>/handled/"],
    "support/<slug:slug>/ticks/": ["v1/pages/<slug:slug>/ticks/"],
    "support/<slug:slug>/helped/": ["v1/pages/<slug:slug>/helped/"],
    "support/<slug:slug>/embeddable/": ["v1/pages/<slug:slug>/embeddable/"],
    "memo/answers/": ["v1/cards/answers/"],
    "memo/card/<int:pk>/": ["v1/cards/answers/"],
    "memo/settings/": ["v1/cards/settings/"],
    "memo/card/<int:pk>/report/": ["v1/cards/<int:pk>/report/"],
    "memo/pause/": ["v1/cards/pause/"],
    "memo/goals/": ["v1/goals/"],
    "memo/goals/<slug:slug>/settings/": ["v1/goals/<slug:slug>/"],
    "memo/goals/<slug:slug>/end/": ["v1/goals/<slug:slug>/end/", "v1/goals/<slug:slug>/resume/"],
    "memo/courses/<slug:slug>/": ["v1/trainings/<slug:slug>/"],
    "memo/undo/": ["v1/cards/undo/"],
    "notices/seen/": ["v1/notices/seen/"],
    "notices/<int:pk>/seen/": ["v1/notices/<int:pk>/seen/"],
    "notices/preferences/": ["v1/notices/preferences/"],
    "me/profile/": ["v1/me/"],
    "people/act/": ["v1/members/<int:pk>/end/", "v1/groups/<int:pk>/members/", "v1/members/<int:pk>/"],
    "people/members/<int:pk>/": ["v1/members/<int:pk>/"],
    "people/members/<int:pk>/roles/": ["v1/members/<int:pk>/"],
    "people/members/<int:pk>/end/": ["v1/members/<int:pk>/end/"],
    "people/members/<int:pk>/sign-out/": ["v1/members/<int:pk>/sign-out/"],
    "people/members/<int:pk>/back/": ["v1/members/<int:pk>/back/"],
    "people/invite/": ["v1/invitations/"],
    "people/import/confirm/": ["v1/members/bulk/"],
    "people/invitations/act/": ["v1/invitations/<uuid:uid>/resend/", "v1/invitations/<uuid:uid>/withdraw/"],
    "lists/<slug:kind>/confirm/": ["v1/elements/", "v1/connections/", "v1/groups/", "v1/groups/<int:pk>/members/"],
    "people/groups/new/": ["v1/groups/"],
    "people/groups/<int:pk>/": ["v1/groups/<int:pk>/"],
    "people/groups/<int:pk>/remove/": ["v1/groups/<int:pk>/remove/"],
    "people/groups/<int:pk>/delete/": ["v1/groups/<int:pk>/"],
    "delegations/new/<int:person_id>/": ["v1/delegations/"],
    "delegations/<int:pk>/confirm/": ["v1/delegations/<int:pk>/confirm/"],
    "delegations/<int:pk>/extend/": ["v1/delegations/<int:pk>/extend/"],
    "delegations/<int:pk>/revoke/": ["v1/delegations/<int:pk>/revoke/"],
    "admin/ecosystem/delegation/": ["v1/delegations/<int:pk>/revoke/"],
    "settings/environments/new/": ["v1/environments/"],
    "settings/environments/<slug:slug>/archive/": ["v1/environments/<slug:slug>/archive/"],
    "settings/environments/<slug:slug>/restore/": ["v1/environments/<slug:slug>/restore/"],
    "settings/environments/<slug:slug>/copy/": ["v1/environments/<slug:slug>/copy/"],
    "settings/courses/<slug:slug>/": [
        "v1/elements/<slug:slug>/offer/",
        "v1/elements/<slug:slug>/take_back/",
        "v1/elements/<slug:slug>/move/",
    ],
    "developers/webhooks/": ["v1/webhooks/"],
    "developers/webhooks/<uuid:uid>/": ["v1/webhooks/<uuid:uid>/"],
    "developers/webhooks/<uuid:uid>/delete/": ["v1/webhooks/<uuid:uid>/"],
    "developers/webhooks/<uuid:uid>/messages/<int:pk>/replay/": ["v1/webhook-messages/<int:pk>/replay/"],
    "developers/webhooks/<uuid:uid>/ping/": ["v1/webhooks/<uuid:uid>/ping/"],
    "developers/webhooks/<uuid:uid>/replay/": ["v1/webhooks/<uuid:uid>/replay/"],
    "developers/webhooks/<uuid:uid>/rotate/": ["v1/webhooks/<uuid:uid>/rotate/"],
    "developers/webhooks/<uuid:uid>/switch/": ["v1/webhooks/<uuid:uid>/"],
    "developers/tokens/": ["v1/tokens/"],
    "developers/tokens/<int:pk>/revoke/": ["v1/tokens/<int:pk>/"],
    "admin/ecosystem/element/add/": ["v1/elements/"],
    "admin/ecosystem/element/<path:object_id>/change/": ["v1/elements/<slug:slug>/"],
    "admin/ecosystem/connection/add/": ["v1/connections/"],
    "admin/ecosystem/connection/<path:object_id>/change/": ["v1/connections/<int:pk>/"],
    "admin/ecosystem/connection/<path:object_id>/delete/": ["v1/connections/<int:pk>/"],
    "admin/ecosystem/membership/<path:object_id>/change/": ["v1/members/<int:pk>/"],
    "admin/gardening/charter/add/": ["v1/charter/"],
    "admin/gardening/charter/<path:object_id>/change/": ["v1/charter/"],
    "admin/gardening/kpi/add/": ["v1/kpis/"],
    "admin/gardening/kpi/<path:object_id>/change/": ["v1/kpis/", "v1/kpis/<int:pk>/values/"],
}
# Start of the address of a screen that writes and has no route -> why.
NO_ROUTE = {
    "memo/questions/<int:pk>/settle/": "not over the API yet: what learners say about questions",
    "memo/goals/<slug:slug>/": "counts what was known already; answers over the API reach a goal by themselves",
    "quizzes/<slug:slug>/": "a look as a learner, figures now, marking again: by somebody who sees what it does",
    "feedback/": "somebody's view of somebody else, given by them in a browser; v1/attempts/ takes the answers",
    "accounts/": "signing in and out, and one's password: for a person in a browser",
    "oauth/": "this is how software gets its key",
    "i18n/setlang/": "a cookie of one device",
    "me/appearance/": "a cookie of one device",
    "notices/unsubscribe/": "for mail programs (RFC 8058), without a sign-in",
    "notices/devices/": "a subscription of one browser to push messages",
    "invitations/": "for somebody who has no account yet, with the link of a letter",
    "content/preview/": "how a text would look beside the field it is written in; keeps nothing",
    "people/import/": "a file to look at; what it says is sent by people/import/confirm/",
    "lists/<slug:kind>/": "a file to look at; what it says is sent by lists/<slug:kind>/confirm/",
    "me/picture/": "a face for the pages of people, chosen in a browser",
    "people/export/": "the list that GET v1/members/ gives, as a file; that it was taken is audited",
    "courses/<slug:slug>/simulate/": "invented learners, kept in this browser only; nothing real is written",
    "courses/<slug:slug>/build/package/": "the file that GET v1/course-packages/ gives; that it was taken is audited",
    "people/sign-in/": "the secret of a sign-in of the organisation: an administrator in a browser, who has just signed in",
    "people/members/<int:pk>/erase/": "there is no way back: an administrator in a browser, who has just signed in",
    "me/data/": "a copy of one's data, and its end: the person in a browser, who has just signed in",
    "admin/notifications/mail/": "an operator's second try at letters",
    "settings/": "how an environment looks and works: an administrator in a browser, who sees first what would change",
    "delegations/view-as/": "what a page looks like to somebody else, in this browser",
    "lti/": "tools and our keys: an administrator in a browser, who has just signed in; what tools themselves send is LTI",
    "tools/<slug:slug>/launch/": "the way into a tool: for a person in a browser",
    "developers/applications/": "keys are given and taken back by people, never by a key",
    "admin/records/delivery/": "an operator's second try at work that failed",
}
VERBS = {"POST", "PUT", "PATCH", "DELETE"}


def says_it_writes(route: Route) -> bool:
    """A view that asks for a POST, or for what was posted; in the admin, where a model may be changed."""
    view = getattr(route.callback, "model_admin", None)
    if view is not None:
        return _admin_writes(view, route.template)
    kind = getattr(route.callback, "view_class", None)
    if kind is not None:
        return hasattr(kind, "post")
    return _source_writes(inspect.unwrap(route.callback))


def _admin_writes(view: admin.ModelAdmin, template: str) -> bool:
    if not isinstance(view, ScopedAdmin):
        return False  # of others: Person.has_perm lets nobody in
    last = template.rstrip("/").rsplit("/", 1)[-1]
    if template.endswith(f"{view.model._meta.model_name}/"):
        return bool(view.actions)
    own = {
        name
        for kind in type(view).__mro__
        if kind.__module__ != "django.contrib.admin.options" and not kind.__module__.startswith("ecosystem.admin_")
        for name in vars(kind)
    }
    if isinstance(view, ReadOnlyAdmin):
        return False
    if last == "delete":
        return "has_delete_permission" in own
    if last == "add":
        return "save_model" in own and not _refuses_adding(view)
    return last == "change" and "save_model" in own


def _refuses_adding(view: admin.ModelAdmin) -> bool:
    source = textwrap.dedent(inspect.getsource(type(view).has_add_permission))
    (function,) = ast.parse(source).body
    return isinstance(function.body[-1], ast.Return) and getattr(function.body[-1].value, "value", True) is False


def _source_writes(view) -> bool:
    module = inspect.getmodule(view)
    if module is None or module.__name__.startswith(("django.", "allauth.", "rest_framework.")):
        return "csrf" in getattr(view, "__name__", "")
    source = inspect.getsource(view)
    return "require_POST" in source or '"POST"' in source or "request.POST" in source


def writing_screens() -> set[str]:
    return {route.template for route in routes() if not route.template.startswith("api/") and says_it_writes(route)}


def test_each_has_a_route_or_a_reason():
    found = writing_screens()
    print(f"\n{len(found)} screens that write, {len(ROUTES)} with a route")
    assert {one for one in found - set(ROUTES) if not one.startswith(tuple(NO_ROUTE))} == set()
    assert set(ROUTES) - found == set(), "screens that are no longer there, or no longer write"
    known = {start for start in NO_ROUTE if any(one.startswith(start) for one in found)}
    assert set(NO_ROUTE) - known - {"accounts/"} == set(), "reasons that nobody needs"


def test_the_routes_are_there_and_write():
    api = api_patterns()
    for wanted in ROUTES.values():
        for route in wanted:
            assert {method.upper() for method in methods_of(api[route])} & VERBS, route


def test_a_screen_without_a_route_would_be_found():
    def added(request):
        return request.POST

    assert says_it_writes(Route("new/", added))
    assert "new/" not in ROUTES
    assert not "new/".startswith(tuple(NO_ROUTE))
