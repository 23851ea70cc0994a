"""The crowd of the larger demos: its pasts are complete, keep every promise between tables, and are written once."""

import pytest

from tests.live.site import Site

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("restore")]

# Somebody at Quayside has enrolled and done a quiz that waits for marks; they have cards at Fernhill too, where somebody else has
# enrolled. Then a crowd comes, twice.
SCRIPT = """
from django.utils import timezone
from assessments.models import Assessment, Attempt
from assessments.services import attempt_start
from catalogue.models import Offer
from catalogue.services import offer_take
from demo.loading.crowd import Size, crowd_load
from ecosystem.models import Environment, Person
from ecosystem.scope import current_scope, open_scope
from ecosystem.services.people import member_add
from memotrainer.models import Trainer
person = Person.objects.get(email="learner@quayside.example.org")
with open_scope(environment_id=Environment.objects.get(slug="quayside").pk, person_id=person.pk):
    offer_take(offer=Offer.objects.select_related("run").get(element__slug="pfa-at-work"), person=person)
    attempt_start(assessment=Assessment.objects.get(element__slug="pfa-basics-quiz"), person_id=person.pk)
    Attempt.objects.update(finished_at=timezone.now(), waiting=1)
with open_scope(environment_id=Environment.objects.get(slug="fernhill").pk):
    robin = member_add(email="robin@fernhill.example.org", name="Robin").person
    offer_take(offer=Offer.objects.select_related("run").get(element__slug="pfa-at-work"), person=robin)
    for one in (robin, member_add(email=person.email, name=person.name).person):
        Trainer.objects.create(environment_id=current_scope().environment_id, person=one)
size = Size(environments=2, people=20, past=10)
print(crowd_load(size, lambda words: None), crowd_load(size, lambda words: None))
"""
TABLES = (
    "courses_enrolment",
    "courses_activitystate",
    "assessments_attempt",
    "assessments_answer",
    "records_statement",
)
MISTOLD = """
    SELECT count(*) FROM (
        SELECT environment_id, person_id, element_id, verb, count(*) AS times, min(occurred_at), max(occurred_at)
        FROM records_statement WHERE element_id IS NOT NULL AND person_id IS NOT NULL GROUP BY 1, 2, 3, 4
        EXCEPT SELECT environment_id, person_id, element_id, verb, times, first_at, last_at FROM records_fact
    ) wrong
"""
LOST = """
    SELECT count(*) FROM records_statement s WHERE s.context ? 'attempt' AND NOT EXISTS (SELECT FROM assessments_attempt a
    WHERE a.environment_id = s.environment_id AND a.person_id = s.person_id AND a.id = (s.context->>'attempt')::bigint)
"""


def test_a_crowd_has_whole_pasts_of_its_own(site: Site):
    first, second = map(int, site.run(SCRIPT).split()[-2:])
    assert first > 20 * 10
    assert second == 0
    of_one = "SELECT environment_id, count(*) FROM {} GROUP BY 1 ORDER BY 1"
    for table in TABLES:
        *originals, one, other = [count for _environment, count in site.sql(of_one.format(table))]
        assert one == other == sum(originals) * 5, table  # each of two pasts by every other of ten people
    trainers = "SELECT count(*), count(DISTINCT t.person_id) FROM memotrainer_trainer t JOIN ecosystem_environment e"
    assert site.sql(f"{trainers} ON e.id = t.environment_id AND e.slug LIKE 'alder%'") == [(5, 5)]
    seats = "SELECT count(*), bool_and(s.taken AND s.at = m.joined_at) FROM ecosystem_membership m JOIN ecosystem_seatentry s"
    seats += " ON s.environment_id = m.environment_id AND s.person_id = m.person_id JOIN ecosystem_environment e"
    assert site.sql(f"{seats} ON e.id = m.environment_id AND e.slug LIKE 'alder%'") == [(10, True)]
    assert site.sql(MISTOLD) == [(0,)]
    assert site.sql(LOST) == [(0,)]
    assert site.sql(
        "SELECT count(*) FROM records_delivery d JOIN ecosystem_environment e ON e.id = d.environment_id WHERE e.slug LIKE 'alder%'"
    ) == [(0,)]
