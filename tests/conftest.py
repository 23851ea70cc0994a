"""Fixtures of every test. The cast: environment ``env`` and its neighbour ``other``; people made by ``member``."""

import atexit
import gc
import os
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from _pytest import runner
from _pytest.unraisableexception import gc_collect_iterations_key
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as properties
from hypothesis.internal.conjecture import providers
from pytest_django.plugin import blocking_manager_key

from ecosystem.hosts import forget_hosts
from ecosystem.models import Environment, Membership, SignIn
from ecosystem.room import with_room
from ecosystem.scope import open_scope
from ecosystem.signals import SESSION_ENVIRONMENT, SESSION_SIGN_IN
from tests import databases, memory
from tests.cast import People, environment
from tests.cores import CORES
from tests.live.site import demo_template
from tests.ordering import loaded_from, spread
from tests.standing import World, standing_ends, standing_for

TESTS = Path(__file__).parent
MAKING = pytest.StashKey[BaseProcess]()
gc.disable()  # while the tests are loaded: hardly any of it is garbage

# The suite draws the same examples each time, so that it says the same of the same code. `GROVE_EXPLORE=1 ./grove test
# tests/courses` draws others; what it finds becomes an example of its own in the test.
properties.register_profile("same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.register_profile("explore", parent=properties.get_profile("same"), derandomize=False)
properties.load_profile("explore" if os.environ.get("GROVE_EXPLORE") else "same")
if not os.environ.get("GROVE_EXPLORE"):
    # Else it mixes in the constants of whichever modules a process has loaded by then, and takes a third of its time for that.
    providers._get_local_constants = lambda: providers._local_constants

# Before the conftest.py below, which make hashes when they are loaded: one of another sort is made anew at a sign-in.
settings.PASSWORD_HASHERS = ["tests.hashing.QuickHasher", *settings.PASSWORD_HASHERS[1:]]


def pytest_configure(config) -> None:
    """Each process has a cache of its own: a test that empties it disturbs nobody. Each begins to load elsewhere."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    config.pluginmanager.register(WithRoom())
    if "PYTEST_XDIST_WORKER" in os.environ:
        # At their end they would look through all that there is for lost errors, of which nobody hears by then, and take all
        # of it apart: three seconds each. What has registered later is done before.
        config.stash[gc_collect_iterations_key] = 0
        atexit.register(os._exit, 0)
    settings.CACHES["default"]["LOCATION"] = databases.address(os.environ["REDIS_URL"], str(number % 15 + 1))
    is_whole = [Path(one).resolve() for one in config.args] == [TESTS]
    if is_whole:
        config.args = loaded_from(TESTS, share=number / int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    if "PYTEST_XDIST_WORKER" not in os.environ:
        databases.drop_scenes()
        with databases.admin() as cursor:
            memory.tablespace_make(cursor)
        if config.getoption("numprocesses", None):
            makes = (databases.migrated_template, *([demo_template] if is_whole else []))
            config.stash[MAKING] = databases.made_aside(*makes, unblock=config.stash[blocking_manager_key].unblock)


def pytest_unconfigure(config) -> None:
    """Once all processes have ended."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        if making := config.stash.get(MAKING, None):
            making.join()
        databases.drop_scenes()
        with databases.admin() as cursor:
            memory.tablespace_remove(cursor)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = spread(items)


def pytest_collection_finish() -> None:
    """What was loaded stays for good, as in the web server: the collector need not walk through it for every test."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    name = f"grove_test_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.clone(databases.migrated_template(), name)
        databases.use(name)
        yield
        standing_ends()
        connections["default"].close()
        databases.drop(name)


@pytest.fixture
def standing(request, django_db_setup, django_db_blocker) -> Iterator[World]:
    """What stands already in the database of this test."""
    with standing_for(request.node, unblock=django_db_blocker.unblock) as world:
        yield world


@pytest.fixture
def _django_db_helper(standing, _django_db_helper) -> None:
    """The transaction of a test begins in the database of its world."""


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch) -> None:
    """Hosts are looked up once per test: query counts must not depend on how slow the machine is. Plans of courses go:
    databases of tests number their rows alike."""
    forget_hosts()
    monkeypatch.setattr("courses.plans.published._kept", {})
    monkeypatch.setattr("ecosystem.hosts.SECONDS", 3600)


@pytest.fixture
def own_media(settings, tmp_path) -> None:
    """A folder for files of the test's own: databases of other processes number their rows alike."""
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}},
    }


@pytest.fixture
def own_database(transactional_db) -> Iterator[None]:
    """A database of the test's own, for what really commits; gone afterwards."""
    before = connections["default"].settings_dict["NAME"]
    name = f"grove_own_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    databases.clone(databases.migrated_template(), name)
    databases.use(name)
    forget_hosts()
    yield
    connections["default"].close()
    databases.use(before)
    databases.drop(name)
    forget_hosts()


@pytest.fixture
def make_environment(db) -> Callable[..., Environment]:
    return environment


@pytest.fixture
def env(db, standing) -> Environment:
    return standing.get("env") or environment("alpha")


@pytest.fixture
def other(db, standing) -> Environment:
    """A stranger: another root, whose rows nobody of ``env`` may see."""
    return standing.get("other") or environment("beta")


@pytest.fixture
def member(env, standing) -> People:
    """``member("learner")``, ``member("admin", environment=other, email=...)``."""
    return People(env, standing.get("count", 0))


@pytest.fixture
def browser_of() -> Callable[[Membership | Environment], Client]:
    """A test client on the host of a member, signed in; or of an environment, as a visitor."""

    def make(who: Membership | Environment) -> Client:
        environment = who if isinstance(who, Environment) else who.environment
        client = Client(HTTP_HOST=f"{environment.slug}.localhost")
        if isinstance(who, Membership):
            session = SessionStore()
            session[SESSION_KEY] = str(who.person_id)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = who.person.get_session_auth_hash()
            session.update(session_of(who, environment))
            session.save()  # at once, where signing in would write it three times
            client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    return make


def session_of(membership: Membership, environment: Environment) -> dict[str, object]:
    """What signing in writes into a session. Who has no password to prove it with has just proven who it is."""
    now = timezone.now()  # also where a test has set the clock
    with open_scope(environment_id=environment.pk):
        row = SignIn.objects.create(
            environment=environment,
            person=membership.person,
            method="password",
            device="Firefox, Linux",
            device_hash="0" * 64,
            began_at=now,
            seen_at=now,
        )
    facts: dict[str, object] = {SESSION_ENVIRONMENT: environment.pk, SESSION_SIGN_IN: row.pk}
    if not membership.person.has_usable_password():
        facts["account_authentication_methods"] = [{"method": "code", "at": time.time(), "reauthenticated": True}]
        facts["account_authentication_methods_user"] = str(membership.person_id)
    return facts


@pytest.fixture(autouse=True)
def _own_cache(request) -> None:
    if "db" in request.fixturenames:
        cache.clear()
        cache.away_until = 0.0  # a test that takes Redis away leaves no pause behind


class WithRoom:
    """Tests run with room for their calls (ecosystem/room.py): a third of their page faults are left."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item, nextitem):
        return run_with_room(item, nextitem)


run_with_room = with_room(runner.pytest_runtest_protocol)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_protocol(item):
    with CORES.for_test(item):
        yield


@pytest.hookimpl(hookwrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    """``@pytest.mark.scoped`` runs the body of a test inside the scope of the fixture ``env``."""
    if pyfuncitem.get_closest_marker("scoped") is None:
        yield
        return
    with open_scope(environment_id=pyfuncitem.funcargs["env"].pk):
        outcome = yield
    outcome.get_result()
