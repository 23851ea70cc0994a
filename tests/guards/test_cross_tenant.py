"""No page, answer or file of one tenant tells of another or changes it.

Generated from the resolver, so a new address is attacked the day it is written. Runs three times: as in production,
with the managers' filter off (row-level security holds alone), with row-level security off (the code holds alone).
"""

import time

import pytest
from django.test import override_settings

from ecosystem.models.managers import InScope
from tests.guards import cross_holes
from tests.guards.cross_arena import arena
from tests.guards.cross_attack import Attack, Report
from tests.guards.cross_routes import routes
from tests.guards.scene import scene_make

# Lists of the admin without an order are no matter of tenants.
pytestmark = pytest.mark.filterwarnings("ignore::django.core.paginator.UnorderedObjectListWarning")


@pytest.fixture
def database(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def attack(*, row_security: bool = True) -> Report:
    start = time.monotonic()
    with arena(row_security=row_security):
        scene = scene_make()
        made = time.monotonic()
        report = Attack(scene, routes()).run()
    print(f"\n{report}\n{made - start:.0f} s scene, {time.monotonic() - made:.0f} s attack")
    print(sorted(((round(s, 1), n, r) for r, (s, n) in report.cost.items()), reverse=True)[:25])
    return report


def test_as_in_production(database):
    report = attack()
    print(sorted(report.routes - report.owner_reached), sorted(report.routes - report.attacker_reached))
    assert not report.findings


def test_row_security_holds_alone(database, monkeypatch):
    monkeypatch.setattr(InScope, "as_sql", lambda *_args, **_kwargs: ("TRUE", []))
    assert not attack().findings


def test_code_holds_alone(database):
    assert not attack(row_security=False).findings


def test_planted_holes_are_found(database):
    """The attack finds each hole, and nothing in the harmless neighbours."""
    with arena(row_security=False), override_settings(ROOT_URLCONF=cross_holes.__name__):
        report = Attack(scene_make(), routes(cross_holes.__name__)).run()
    print(report)
    assert {finding.route for finding in report.findings} == {str(hole.pattern) for hole in cross_holes.HOLES}
    assert {finding.what for finding in report.findings} == {"leak", "change", "oracle", "error", "commit"}
