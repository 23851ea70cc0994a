"""No page, answer or file of one tenant tells of another or changes it.

Generated from the resolver, so a new address is attacked the day it is written. Runs three times: as in production,
with the managers' filter off (row-level security holds alone), with row-level security off (the code holds alone).
"""

import pytest
from django.contrib import admin
from django.test import override_settings

from ecosystem.models import TenantModel
from ecosystem.models.managers import InScope
from ecosystem.prepared import forget_prepared
from tests.guards import cross_holes, cross_holes_keeping
from tests.guards.cross_alike import CLOSED_BY, code_of, first_of_each
from tests.guards.cross_arena import arena, drop_row_security
from tests.guards.cross_attack import WITHOUT_ROWS, Attack
from tests.guards.cross_reads import marked
from tests.guards.cross_report import Report
from tests.guards.cross_routes import Route, routes
from tests.guards.scene import Scene, scene_make, words_without_canary
from tests.guards.twins import tenant_models

# Lists of the admin without an order are no matter of tenants.
pytestmark = pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")

# Routes that nobody gets into with rows of their own, each with its reason (by the end of the address).
CLOSED = {
    "accounts/reauthenticate/": "needs a password, and people of the scene have none",
    "dev/mail/": "only in development",
    "dev/mail/<str:name>/": "only in development",
    "dev/mail/<str:name>/html/": "only in development",
    "admin/autocomplete/": "answers only with the query parameters that the attack adds",
    "admin/r/<path:content_type_id>/<path:object_id>/": "rows have no address of their own to be sent to",
    "admin/<path:url>": "the answer to addresses that do not exist",
    "settings/look/preview.css": "shows the draft that the person's own session holds",
    "accounts/organisation/<slug:provider_id>/": "asks the provider over the network first",
    "accounts/organisation/<slug:provider_id>/back/": "comes back from a provider with its word",
    "accounts/organisation/<slug:provider_id>/finish/": "ends what a provider has begun",
    "accounts/address/<str:token>/": "the secret of a letter to one person, wherever they are",
    "accounts/2fa/passkeys/<int:pk>/remove/": "passkeys are the person's own, and people of the scene have none",
    "api/": "the answer to addresses that do not exist",
    "api/<anything:rest>": "the answer to addresses that do not exist",
}

# Each part of the routes is a test of its own, so that all processes have work.
PARTS = 3

# Planted holes that only whoever compares meets: with one layer off nothing is compared.
ONLY_BY_COMPARING = {
    "by-digest/", "counts/<slug:slug>/", "form-accepts/", "order-tells/<slug:slug>/", "patch-accepts/", "says-404-otherwise/<slug:slug>/",
    "says-which-are-missing/", "sends-on/<slug:slug>/", "taken-anywhere/", "tells-that-it-exists/<slug:slug>/",
}  # fmt: skip
# The harmless neighbour that shows no row, however many it counts.
SHOWS_NONE = {"own-count/<slug:slug>/"}


@pytest.fixture
def database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def what_is_missing(scene: Scene) -> list[str]:
    """Models of which one of the two has no row, and texts of the victim that nobody would recognise."""
    twins = (scene.attacker, scene.victim)
    none = [model._meta.label for twin in twins for model in tenant_models() if not twin.rows[model._meta.label]]
    return none + words_without_canary(scene.victim)


def may_be_closed(template: str) -> bool:
    """Rows that services make are neither added nor deleted in the admin, whoever asks."""
    return template in CLOSED or (
        template.startswith("admin/") and template.endswith(("/add/", "/delete/", "/password_change/"))
    )


def attacked() -> list[Route]:
    return list(first_of_each(routes()))


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_of_others(database, part, monkeypatch):
    """Every third route that is code of its own; each layer alone is tried with what is known from the site as it is."""
    with arena(scene_make) as scene:
        assert what_is_missing(scene) == []
        attack = Attack(scene, attacked()[part::PARTS])
        with marked():
            told(report := attack.run(), "as in production")
        for reached in (report.owner_reached, report.attacker_reached):
            assert {name for name in report.routes - reached - WITHOUT_ROWS if not may_be_closed(name)} == set()
        with monkeypatch.context() as patch:
            patch.setattr(InScope, "as_sql", lambda *_args, **_kwargs: ("TRUE", []))
            forget_prepared()
            told(alone := attack.again(filtered=False), "row security alone")
        assert alone.read_again > 3 * len(attack.routes)
        forget_prepared()
        drop_row_security()
        told(alone := attack.again(), "the code alone")
        assert alone.read_again == len(attack.reads.statements) > 6 * len(attack.routes)


def told(report: Report, how: str) -> None:
    print(f"\n{how}: {report}")
    assert not report.findings, f"{how}: {report}"


def test_few_are_let_through_and_all_of_them_exist():
    assert len(CLOSED) <= 15
    assert CLOSED.keys() <= {route.template for route in routes()}


def test_only_pages_of_the_admin_that_are_the_same_code_are_left_to_another():
    """Of each model its list and its form are attacked, and what its class does in its own way."""
    left = {route.template: route for route in routes()}.keys() - {route.template for route in attacked()}
    assert left
    for template in left:
        assert template.startswith("admin/")
        assert template.endswith(("/add/", "/delete/", "/history/", "/<path:object_id>/"))


@pytest.mark.parametrize(
    ("page", "method"),
    [("add_view", "has_add_permission"), ("delete_view", "has_delete_permission"), ("history_view", "noted_on")],
)
def test_a_page_of_the_admin_with_a_method_of_its_own_is_attacked(page, method, monkeypatch):
    of_page = [route for route in routes() if getattr(route.callback, "__name__", "") == page]
    ordinary = next(route for route in of_page if code_of(route) in {code_of(one) for one in of_page if one != route})
    monkeypatch.setattr(type(ordinary.callback.model_admin), method, lambda self, *given: True, raising=False)
    mine = code_of(ordinary)
    assert mine is None if page in CLOSED_BY else mine not in {code_of(one) for one in of_page if one != ordinary}


def test_planted_holes_are_found(database, monkeypatch):
    """The attack finds each hole, and nothing in the harmless neighbours; also when it first meets both layers and then
    one less. Without the filter of the managers, and nothing else to hold them, the neighbours show what they must not."""
    with arena(scene_make) as scene, override_settings(ROOT_URLCONF=cross_holes.__name__), marked():
        planted = [Route(str(one.pattern), one.callback) for one in (*cross_holes.HOLES, *cross_holes.HARMLESS)]
        attack = Attack(scene, planted, only=cross_holes.roles_of)
        held = attack.run()
        drop_row_security()
        one = attack.again()
        cross_holes_keeping.forget()
        attack = Attack(scene, planted, only=cross_holes.roles_of)
        report = attack.run()
        monkeypatch.setattr(InScope, "as_sql", lambda *_args, **_kwargs: ("TRUE", []))
        forget_prepared()
        bare = attack.again(filtered=False)
    forget_prepared()
    print(report)
    holes, harmless = ({str(one.pattern) for one in these} for these in (cross_holes.HOLES, cross_holes.HARMLESS))
    assert {finding.route for finding in report.findings} == holes
    assert {finding.what for finding in report.findings} == {"leak", "change", "oracle", "error", "commit"}
    found = {finding.route for finding in (*held.findings, *one.findings)}
    assert (holes - found, found - holes) == (ONLY_BY_COMPARING, set())
    assert harmless - {finding.route for finding in bare.findings} == SHOWS_NONE


def test_no_table_of_others_is_in_the_admin(member, browser_of):
    assert [model for model in admin.site._registry if not issubclass(model, TenantModel)] == []
    assert browser_of(member("admin")).get("/admin/mfa/authenticator/1/history/").status_code == 404
