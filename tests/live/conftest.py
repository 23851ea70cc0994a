from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.live.ground import Ground
from tests.live.site import Site, demo_template

expect.set_options(timeout=60_000)  # a machine may be slow; what never comes fails all the same


@pytest.fixture(scope="session")
def ground(tmp_path_factory, django_db_setup, django_db_blocker) -> Iterator[Ground]:
    """Where each site begins with the demo's people and courses."""
    with django_db_blocker.unblock():
        template = demo_template()
    ground = Ground(tmp_path_factory.mktemp("ground") / "site", template=template)
    yield ground
    ground.close()


@pytest.fixture
def site(ground, tmp_path) -> Iterator[Site]:
    """A Grove in which nothing is started yet."""
    with ground.site(tmp_path) as site:
        yield site
