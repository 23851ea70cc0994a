"""Sites of a test process stand where others have stood, and are served by what was loaded for the first of them."""

import pytest

from launcher.ports import is_free

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("odd")]

LEAVES = """
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from ecosystem.models import Environment
from ecosystem.services.environments import environment_create
if {makes}:
    environment_create(slug="first", name="First", hosts=["first.localhost"])
    cache.set("first", 1)
    default_storage.save("first", ContentFile(b"x"))
print(Environment.objects.filter(slug="first").count(), cache.get("first"), default_storage.exists("first"))
"""


def test_the_next_site_has_nothing_of_the_one_before(ground, tmp_path):
    found = []
    for name, makes in (("one", True), ("two", False)):
        (tmp_path / name).mkdir()
        with ground.site(tmp_path / name) as site:
            site.start("broker", "web")
            found.append(site.run(LEAVES.format(makes=makes)).split()[-3:])
            assert site.status("/", "first.localhost") == (200 if makes else 404)
        assert not any(map(is_free, ground.ports)), "nobody is given them meanwhile"
    assert found == [["1", "1", "True"], ["0", "None", "False"]]
    assert (tmp_path / "one/site/media/first").read_bytes() == b"x"
    assert (tmp_path / "one/site/web.log").exists()


def test_what_has_only_just_begun_can_be_killed(site):
    site.start("broker")
    for _turn in range(5):
        site.start("beat")
        site.kill("beat")
