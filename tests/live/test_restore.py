"""F37: saved, restored into a new cluster, and the same; row security holds there, and nothing that was done is done again."""

import json
import os
import tarfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg2
import pytest

from launcher.archive import read_archive, write_archive
from launcher.database_address import with_database
from launcher.places import find_places
from launcher.postgres import server_programs
from launcher.saving import is_sealed_otherwise
from launcher.terminal import LauncherError
from tests import databases
from tests.live.nursery import Nursery
from tests.live.own_postgres import OwnPostgres

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("restore")]
NAME = "grove_restored"

MEDIA = "from django.conf import settings; settings.STORAGES['default']['OPTIONS']['location'] = {!r}\n"
# Two organisations; in each somebody has joined, which was announced by a letter, and one more thing still waits.
FILL = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from ecosystem.models import Environment
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.people import member_add
from notifications.models import Mail
from notifications.services import notify
from records.models import Delivery
from django.utils import timezone
import uuid
for slug in ("alpha", "beta"):
    environment = environment_create(slug=slug, name=slug, hosts=[f"{slug}.localhost"])
    with open_scope(environment_id=environment.pk):
        person = member_add(email=f"one@{slug}.example.org", name="Zoë \\U0001F333").person
        notify(person_id=person.pk, key="k", kind="test", title="Told", href="/")
        for state in ("done", "waiting"):
            Delivery.objects.create(environment_id=environment.pk, statement_id=uuid.uuid4(), queue="default",
                statement_stored_at=timezone.now(), reaction="x.y", state=state, due_at=timezone.now(),
                done_at=timezone.now() if state == "done" else None)
    default_storage.save(f"{slug}/één bestand.txt", ContentFile(slug.encode() * 1000))
"""
AFTERWARDS = """
from datetime import timedelta
from ecosystem.models import Environment
from ecosystem.scope import open_scope
from ecosystem.services.people import member_add
from records.models import Delivery
from records.services import delivering
delivering.GRACE = timedelta(0)
found = delivering.deliveries_overdue()
waiting = [pk for ids in found.values() for pk in ids]
states = []
for environment in Environment.objects.order_by("pk"):
    with open_scope(environment_id=environment.pk):
        states += list(Delivery.objects.filter(pk__in=waiting).values_list("state", flat=True))
        done = Delivery.objects.get(state="done").pk
        member_add(email=f"new@{environment.slug}.example.org", name="New")
    assert delivering.delivery_run(environment_id=environment.pk, delivery_id=done) is False
print(states)
"""


@pytest.fixture(scope="module")
def cluster():
    """A new server, with the roles and an empty database, as the launcher and the compose file make them."""
    server = OwnPostgres(find_places(databases.ROOT))
    try:
        server.start()
        server.prepare(NAME)
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="module")
def source(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        template = databases.migrated_template()
    name = f"grove_to_save_{os.environ.get('PYTEST_XDIST_WORKER', 'solo')}_{os.getpid()}"
    databases.clone(template, name)
    yield name
    databases.drop(name)


@pytest.fixture(scope="module")
def nursery(ground, tmp_path_factory) -> Iterator[Nursery]:
    """Has loaded Grove for all sites; of this one only the broker runs."""
    with ground.site(tmp_path_factory.mktemp("restore")) as site:
        site.start("broker")
        yield ground.nursery(site.environment)


@pytest.fixture
def run(nursery, tmp_path) -> Callable[..., str]:
    """What a script prints that a process of the site's own code runs, with that database and folder of files."""
    number = count()

    def run(script: str, *, url: str, media: Path) -> str:
        out = tmp_path / f"script-{next(number)}"
        code = nursery.run(MEDIA.format(str(media)) + script, out, database=url).wait()
        assert code == 0, out.read_text()[-3000:]
        return out.read_text().strip()

    return run


def test_f37_saved_and_restored_into_a_new_cluster(source, cluster, run, tmp_path):
    places = find_places(databases.ROOT)
    programs, log = server_programs(places), tmp_path / "log"
    run(FILL, url=databases.address(os.environ["DATABASE_URL"], source), media=tmp_path / "media")
    all_rows = databases.address(os.environ["DATABASE_ADMIN_URL"], source)
    archive = tmp_path / "grove.tar"
    keyed = {"programs": programs, "log": log, "secret_key": "of before"}
    saved = write_archive(places, ops_url=all_rows, media=tmp_path / "media", target=archive, **keyed)
    assert saved["tables"]["ecosystem_environment"][0] == 2
    assert saved["tables"]["records_delivery"][0] == 4
    assert len(saved["files"]) == 2
    with pytest.raises(LauncherError, match="never overwrites"):
        write_archive(places, ops_url=all_rows, media=tmp_path, target=archive, **keyed)

    back = {
        "admin_url": with_database(cluster.url("postgres", "postgres"), NAME),
        "ops_url": cluster.url("grove_ops", NAME),
        "programs": programs,
        "log": log,
    }
    damaged = tmp_path / "damaged.tar"
    content = archive.read_bytes()
    damaged.write_bytes(content.replace(b"betabeta", b"betabetA", 1))
    for broken, words in ((damaged, "damaged"), (log, "not a backup")):
        with pytest.raises(LauncherError, match=words):
            read_archive(places, source=broken, media=tmp_path / "none", **back)
    restored = read_archive(places, source=archive, media=tmp_path / "media2", **back)
    assert not is_sealed_otherwise(saved, secret_key="of before")
    assert is_sealed_otherwise(saved, secret_key="another")
    assert restored == saved  # read_archive has compared rows, checksums and sequences with the new database
    assert (tmp_path / "media2/alpha/één bestand.txt").read_bytes() == b"alpha" * 1000
    with pytest.raises(LauncherError, match="not empty"):
        read_archive(places, source=archive, media=tmp_path / "media3", **back)

    # Row security: the runtime role sees nothing without a scope, and one organisation's rows within one.
    assert seen(cluster, "") == 0
    assert seen(cluster, "1") == 1
    # The sweep finds what waits and nothing that was done; new rows get free ids (sequences).
    url = cluster.url("grove_app", NAME)
    assert run(AFTERWARDS, url=url, media=tmp_path / "media2") == "['waiting', 'waiting']"
    # Saved again as the account that backups use.
    again = write_archive(
        places, ops_url=cluster.url("grove_ops", NAME), media=tmp_path / "media2", target=tmp_path / "again.tar", **keyed
    )  # fmt: skip
    assert again["tables"]["ecosystem_person"][0] == saved["tables"]["ecosystem_person"][0] + 2
    assert again["files"] == saved["files"]
    with tarfile.open(tmp_path / "again.tar") as opened:
        assert json.load(opened.extractfile("manifest.json"))["tables"] == again["tables"]
    # Control: what row security binds may not save, since its dump would be empty without an error.
    with pytest.raises(LauncherError, match="grove_ops"):
        write_archive(places, ops_url=url, media=tmp_path, target=tmp_path / "empty.tar", **keyed)
    assert not (tmp_path / "empty.tar").exists()


def seen(cluster: OwnPostgres, environment: str) -> int:
    connection = psycopg2.connect(cluster.url("grove_app", NAME))
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.environment', %s, true), set_config('app.readable', %s, true)",
                [environment] * 2,
            )
            cursor.execute("SELECT count(*) FROM ecosystem_membership")
            return cursor.fetchone()[0]
    finally:
        connection.close()
