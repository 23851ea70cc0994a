"""The demo's feedback from all sides and its test of one's level, without the rest of the demo."""

import pytest

from assessments.models import Assessment, FeedbackRound
from assessments.selectors.feedback import feedback_report, seats_open
from assessments.services import attempt_start, question_save
from demo.loading.rounds import AUTHOR, LEARNER, LEVEL, MANAGER, PEERS, rounds_live, rounds_load
from ecosystem.scope import open_scope
from tests.assessments.answering import BODIES, make_bank

pytestmark = pytest.mark.django_db


def test_one_round_can_be_read_and_another_is_asked_for(env, member):
    members = {email: member("author", email=email) for email in (AUTHOR, LEARNER, MANAGER, *PEERS)}
    people = {email: one.person for email, one in members.items()}
    with open_scope(environment_id=env.pk):
        bank = make_bank(slug="pfa-at-work-bank")
        question_save(bank=bank, identifier="one", type="single", stem="<p>One?</p>", body=BODIES["single"])
        rounds_load(people)
    rounds_live(env, people)
    with open_scope(environment_id=env.pk):
        over = FeedbackRound.objects.select_related("assessment").get(person=people[LEARNER])
        scale, keep, change = feedback_report(round_=over)
        assert [voice.people for voice in scale.statements[0].voices] == [1, 4]
        assert (len(keep.texts), len(change.texts)) == (4, 3)
        assert [seat.round.person for seat in seats_open(person_id=people[LEARNER].pk)] == [people[MANAGER]]
        level = Assessment.objects.select_related("element").get(element__slug=LEVEL)
        assert attempt_start(assessment=level, person_id=people[LEARNER].pk).reached == 1
