import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests import databases
from tests.live.site import Site, demo_template

expect.set_options(timeout=60_000)  # a machine may be slow; what never comes fails all the same


@pytest.fixture
def site(tmp_path, django_db_setup, django_db_blocker) -> Iterator[Site]:
    """A Grove with the demo's people and courses; nothing is started yet."""
    with django_db_blocker.unblock():
        template = demo_template()
    name = f"grove_live_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    databases.clone(template, name)
    site = Site(tmp_path, name)
    try:
        yield site
    finally:
        site.stop()
        databases.drop(name)
