"""Figures: summed over processes, on a private port only."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from ecosystem.scope import open_scope
from ecosystem.telemetry.figures import Looked, gauge
from launcher.ports import any_free_port
from notifications.models import Mail
from records.models import Delivery
from tests import databases

# Two processes answer a request each, a third does a task; then somebody asks.
SCRIPT = """
import os, signal, time, urllib.error, urllib.request
import django
django.setup()
from django.conf import settings
from django.test import Client
from config.celery import app
from django.urls import get_resolver
from ecosystem.telemetry.port import serve_figures

get_resolver().url_patterns  # the addresses and the tasks are loaded once, not by each process
app.tasks

def process(act):
    done, said = os.pipe()
    pid = os.fork()
    if pid == 0:
        act()
        os.write(said, b"x")
        signal.pause()
    os.read(done, 1)
    return pid

pids = [process(lambda: Client().get("/healthz")) for _ in range(2)]
pids.append(process(lambda: app.tasks["records.deliver"].apply(kwargs={"environment_id": 1, "delivery_ids": []})))
serve_figures()
serve_figures()
address = f"http://127.0.0.1:{settings.METRICS_PORT}"
for _ in range(50):
    try:
        body = urllib.request.urlopen(f"{address}/metrics").read().decode()
        break
    except OSError:
        time.sleep(0.1)
try:
    urllib.request.urlopen(address + "/")
except urllib.error.HTTPError as error:
    print("other", error.code)
print(body)
for pid in pids:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
from ecosystem.telemetry.port import forget_the_dead
forget_the_dead()
print("left", len(os.listdir(settings.METRICS_DIR)))
"""


def test_processes_of_a_machine_are_summed(db):
    environment = {
        **os.environ,
        "DATABASE_URL": databases.address(os.environ["DATABASE_URL"], settings.DATABASES["default"]["NAME"]),
        "GROVE_METRICS_PORT": str(any_free_port()),
        "GROVE_PLAIN_STATIC": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert 'grove_request_seconds_count{method="GET",route="healthz",status="200"} 2.0' in done.stdout
    assert 'grove_tasks_total{outcome="success",task="records.deliver"} 1.0' in done.stdout
    assert "other 404" in done.stdout
    assert "grove_gauges_unreadable 0.0" in done.stdout
    assert "left 0" in done.stdout  # the next run does not count what this one did


def test_the_public_hosts_show_no_figures(env, browser_of):
    assert browser_of(env).get("/metrics").status_code == 404
    assert browser_of(env).get("/metrics/").status_code == 404


def value(name: str, **labels: str) -> float:
    found = [sample for family in Looked().collect() for sample in family.samples if sample.name == name]
    (sample,) = [sample for sample in found if sample.labels == labels]
    return sample.value


def test_the_outbox_is_looked_up_over_all_environments(env, other, member):
    now = timezone.now()
    for where, seconds, state in ((env, 90, "waiting"), (other, 30, "waiting"), (other, 10, "given_up")):
        with open_scope(environment_id=where.pk):
            Delivery.objects.create(
                environment_id=where.pk,
                statement_id="00000000-0000-4000-8000-000000000001",
                statement_stored_at=now,
                reaction=state,
                queue="default",
                state=state,
                due_at=now - timedelta(seconds=seconds),
            )
    assert value("grove_outbox_rows", state="waiting") == 2
    assert value("grove_outbox_rows", state="given_up") == 1
    assert 90 <= value("grove_outbox_oldest_seconds", queue="default") < 120


def test_the_mail_queue_is_looked_up(env, member):
    person = member()
    with open_scope(environment_id=env.pk):
        Mail.objects.create(
            environment_id=env.pk, person_id=person.person_id, key="k", kind="test", subject="s", text="t", html="h",
            message_id="<m@example.org>", mode="at_least_once", due_at=timezone.now(),
        )  # fmt: skip
    assert value("grove_mail_rows", state="waiting") == 1


def test_one_that_fails_hides_no_other(db, monkeypatch):
    from ecosystem.telemetry import figures

    monkeypatch.setattr(figures, "_gauges", {})
    gauge("good", "w", label="x")(lambda: {"a": 1})

    @gauge("bad", "w", label="x")
    def bad():
        raise OSError

    assert value("good", x="a") == 1
    assert value("grove_gauges_unreadable") == 1


@pytest.mark.parametrize("model", [Delivery, Mail])
def test_what_is_looked_up_lies_open_to_the_system_role(model):
    assert model.system
