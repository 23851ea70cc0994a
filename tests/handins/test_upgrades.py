"""Rows of an earlier version, brought over by the migrations, run as their owner."""

import os
import subprocess
import sys

import pytest
from django.db import connections

from handins.models import Round
from tests import databases
from tests.handins.conftest import within

pytestmark = pytest.mark.usefixtures("own_database")


def migrated(name: str, *number: str) -> None:
    owner = databases.address(os.environ["DATABASE_OWNER_URL"], name)
    command = [sys.executable, "manage.py", "migrate", "handins", *number, "--database", "owner"]
    environment = {**os.environ, "DATABASE_OWNER_URL": owner}
    done = subprocess.run(command, cwd=databases.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_was_handed_in_before_there_were_turns_gets_its_own(make_assignment, member, handed_in):
    learner, nameless = member(), make_assignment(title="Nameless", is_anonymous=True)
    handed_in(make_assignment(), learner)
    handed_in(nameless, member())
    with within(learner):
        before = dict(Round.objects.values_list("pk", "turn_at"))
    name = connections["default"].settings_dict["NAME"]
    connections["default"].close()
    migrated(name, "0050")
    migrated(name)
    with within(learner):
        assert dict(Round.objects.values_list("pk", "turn_at")) == before
    assert len(before) == 2
    assert None not in before.values()
