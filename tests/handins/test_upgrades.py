"""Rows of an earlier version, brought over by the migrations as their owner."""

import pytest
from django.core.management import call_command
from django.db import connections

from handins.models import Round
from tests import databases
from tests.handins.conftest import within

pytestmark = pytest.mark.usefixtures("own_database")


def test_what_was_handed_in_before_there_were_turns_gets_its_own(make_assignment, member, handed_in):
    plain, nameless = make_assignment(), make_assignment(title="Nameless", is_anonymous=True)
    learner = member()
    handed_in(plain, learner)
    handed_in(nameless, member())
    with within(learner):
        before = dict(Round.objects.values_list("pk", "turn_at"))
    databases.use(connections["default"].settings_dict["NAME"], alias="owner")
    for number in ("0050", None):
        call_command("migrate", "handins", *filter(None, [number]), database="owner", verbosity=0)
    connections["owner"].close()
    connections["default"].close()
    with within(learner):
        assert dict(Round.objects.values_list("pk", "turn_at")) == before
    assert len(before) == 2
    assert None not in before.values()
