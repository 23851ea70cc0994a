"""The charter and its KPI: one of each, whoever saves it how often."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from ecosystem.exceptions import EcosystemError
from ecosystem.scope import open_scope
from gardening.models import Charter, Kpi, KpiValue
from gardening.selectors import budget_figure, kpi_figure
from gardening.services import charter_save, kpi_save, kpi_value_save
from tests.memotrainer.scene import local

NOW = local(2026, 11, 23, 12)


def make(**changes):
    charter = charter_save(business_issue="People leave.", why="They stay.", budget_eur=1000, budget_hours=20)
    facts = {"name": "Days", "unit": "days", "direction": "down", "baseline": 31.0, "target": 24.0, **changes}
    return kpi_save(charter=charter, **facts)


@pytest.mark.scoped
def test_saving_twice_is_once(env):
    for value in (5.0, 6.5):
        kpi_value_save(kpi=make(), month=date(2026, 3, 17), value=value)
    assert (Charter.objects.count(), Kpi.objects.count()) == (1, 1)
    assert list(KpiValue.objects.values_list("month", "value")) == [(date(2026, 3, 1), 6.5)]


@pytest.mark.scoped
def test_a_charter_needs_an_issue(env):
    with pytest.raises(EcosystemError):
        charter_save(business_issue="  ", why="Because")


@pytest.mark.scoped
@pytest.mark.parametrize("changes", [{"target": 40}, {"target": 31.0}, {"direction": "up"}, {"direction": "sideways"}])
def test_a_target_is_better_than_the_baseline(env, changes):
    with pytest.raises(EcosystemError):
        make(**changes)


def test_a_stranger_cannot_be_sponsor(env, other, member):
    stranger = member("sponsor", environment=other)
    with pytest.raises(IntegrityError), transaction.atomic(), open_scope(environment_id=env.pk):
        charter_save(business_issue="People leave.", why="They stay.", sponsor=stranger.person)
        connection.check_constraints()  # as the commit would


def test_the_figure_knows_its_own_environment_only_and_not_the_future(env, other):
    for environment, shift in ((env, 0), (other, 100)):
        with open_scope(environment_id=environment.pk):
            kpi = make(baseline=31.0 + shift, target=24.0 + shift)
            for month, value in ((9, 30.0), (10, 29.5), (12, 1.0)):
                kpi_value_save(kpi=kpi, month=date(2026, month, 1), value=value + shift)
    with open_scope(environment_id=env.pk):
        figure = kpi_figure(NOW)
        assert figure.series == [("2026-09", 30.0), ("2026-10", 29.5)]
        assert (figure.value, figure.target, figure.details["baseline"]) == (29.5, 24.0, 31.0)
        assert (budget_figure(NOW).value, budget_figure(NOW).details) == (1000, {"hours": 20})


@pytest.mark.scoped
def test_without_a_charter_there_is_nothing_to_say(env):
    assert kpi_figure(NOW).value is None
    assert budget_figure(NOW).value is None
