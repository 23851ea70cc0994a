"""Handing in twice at once: real connections, real commits. The naive control tells it twice, so this is a race."""

import threading
import time
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections, transaction

from ecosystem import clock
from ecosystem.exceptions import EcosystemError
from ecosystem.models import Membership, StoredFile
from ecosystem.scope import open_scope
from ecosystem.services.environments import environment_create
from ecosystem.services.memberships import members_end
from ecosystem.services.people import member_add
from handins.exceptions import HandinError
from handins.models import Assignment, HandinFile, Round, RoundState, Share, Submission
from handins.services import (
    assignment_make,
    assignment_set,
    handin_file_add,
    round_save,
    round_start,
    round_submit,
    round_withdraw,
    rounds_allocate,
)
from handins.services.locking import submissions_held
from handins.services.teams import team_make
from handins.services.turns import turn_set
from records.models import Statement
from records.services import record

AT_ONCE = 6


@pytest.fixture
def desk(own_database) -> tuple[Assignment, Membership]:
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        learner = member_add(email="l@example.org", name="L", roles=["learner"])
        assignment = assignment_make(title="Plan", markdown="Write", by=author)
    return assignment, learner


def at_once(person: Membership, act: Callable[[], object]) -> None:
    barrier = threading.Barrier(AT_ONCE)

    def run() -> None:
        try:
            barrier.wait(60)
            with open_scope(environment_id=person.environment_id, person_id=person.person_id):
                act()
        except EcosystemError:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)


def told(person: Membership, verb: str) -> int:
    with open_scope(environment_id=person.environment_id):
        return Statement.objects.filter(person_id=person.person_id, verb=verb).count()


def test_f23_begun_and_handed_in_at_once_is_once(desk):
    assignment, learner = desk

    def begin_and_submit() -> None:
        draft = round_start(assignment=assignment, by=learner)
        with transaction.atomic():
            if draft.state == RoundState.DRAFT:
                round_save(round=draft, text="Mine", by=learner)
        round_submit(round=draft, by=learner)

    at_once(learner, begin_and_submit)
    with open_scope(environment_id=learner.environment_id):
        assert Submission.objects.count() == Round.objects.count() == 1
        round = Round.objects.get()
    assert round.state == RoundState.SUBMITTED
    assert told(learner, "submitted") == 1
    at_once(learner, lambda: round_withdraw(round=round, by=learner))
    assert told(learner, "retracted") == 1


def test_the_naive_control_tells_it_more_than_once(desk):
    assignment, learner = desk
    with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
        draft = round_save(round=round_start(assignment=assignment, by=learner), text="Mine", by=learner)
    together = threading.Barrier(AT_ONCE)

    def naive() -> None:
        fresh = Round.objects.select_related("element").get(pk=draft.pk)
        together.wait(60)
        if fresh.state == RoundState.DRAFT:
            now = clock.now()
            Round.objects.filter(pk=draft.pk).update(state=RoundState.SUBMITTED, submitted_at=now, turn_at=now)
            record(verb="submitted", element=fresh.element, person_id=learner.person_id)

    at_once(learner, naive)
    assert told(learner, "submitted") > 1


@pytest.fixture
def pair(own_database) -> tuple[Assignment, list[Membership]]:
    """A team of two who both agree before it is handed in."""
    here = environment_create(slug="desk", name="Desk", hosts=["desk.localhost"])
    with open_scope(environment_id=here.pk):
        author = member_add(email="a@example.org", name="A", roles=["author"])
        marker = member_add(email="m@example.org", name="M", roles=["instructor"])
        people = [member_add(email=f"l{n}@example.org", name=f"L{n}", roles=["learner"]) for n in range(2)]
        assignment = assignment_make(title="Plan", markdown="Write", is_group=True, all_agree=True, by=author)
        team_make(assignment=assignment, name="Two", person_ids=[one.person_id for one in people], by=marker)
    return assignment, people


def each_at_once(people: list[Membership], act: Callable[[Membership], object]) -> None:
    barrier = threading.Barrier(len(people))

    def run(person: Membership) -> None:
        try:
            barrier.wait(60)
            with open_scope(environment_id=person.environment_id, person_id=person.person_id):
                act(person)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)


def test_a_team_begins_once_and_the_last_to_agree_hands_it_in(pair):
    assignment, people = pair
    each_at_once(people, lambda person: round_start(assignment=assignment, by=person))
    with open_scope(environment_id=people[0].environment_id, person_id=people[0].person_id):
        draft = Round.objects.get()
        assert Share.objects.count() == 2
        round_save(round=draft, text="Ours", seen=draft.saved_at, by=people[0])
    each_at_once(people, lambda person: round_submit(round=draft, by=person))
    with open_scope(environment_id=people[0].environment_id):
        assert Round.objects.get().state == RoundState.SUBMITTED
    assert [told(person, "submitted") for person in people] == [1, 1]


def test_the_naive_control_of_agreeing_never_hands_it_in(pair):
    assignment, people = pair
    with open_scope(environment_id=people[0].environment_id, person_id=people[0].person_id):
        draft = round_start(assignment=assignment, by=people[0])
    together, seen = threading.Barrier(2), []

    def naive(person: Membership) -> None:
        Share.objects.filter(round=draft, person_id=person.person_id).update(agreed_at=clock.now())
        together.wait(60)
        seen.append(Share.objects.filter(round=draft, agreed_at=None).count())
        together.wait(60)

    each_at_once(people, naive)
    assert seen == [1, 1], "each thinks that the other is missing"


class Slow(ContentFile):
    """While it is read, somebody else asks for the hand-in."""

    def __init__(self, content: bytes, ask: Callable[[], None]) -> None:
        super().__init__(content, name="notes.txt")
        self.ask = ask

    def chunks(self, chunk_size=None):
        thread = threading.Thread(target=self.ask)
        thread.start()
        thread.join(60)
        return super().chunks(chunk_size)


def test_nobody_waits_for_the_hand_in_while_a_file_is_stored(desk, settings, tmp_path):
    """And what was handed in meanwhile takes no file: nothing of that stays."""
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
    assignment, learner = desk
    here = {"environment_id": learner.environment_id, "person_id": learner.person_id}
    with open_scope(**here):
        Assignment.objects.update(takes_files=True)
        draft = round_save(round=round_start(assignment=assignment, by=learner), text="Mine", by=learner)

    def submit() -> None:
        try:
            with open_scope(**here), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '20s'")
                round_submit(round=draft, by=learner)
        finally:
            connections.close_all()

    with open_scope(**here), pytest.raises(HandinError, match="It is handed in"):
        handin_file_add(round=draft, upload=Slow(b"My notes", submit), by=learner)
    with open_scope(**here):
        assert Round.objects.get().state == RoundState.SUBMITTED
        assert not HandinFile.objects.exists()
        assert not StoredFile.objects.exists()
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def handed_in_while_names_are_hidden(
    assignment: Assignment, learner: Membership, act: Callable[[], object]
) -> tuple[bool, bool]:
    """The author hides names and is not done yet while ``act`` hands in; whether its minute is kept, and it has a pseudonym."""
    here = {"environment_id": learner.environment_id}

    def run() -> None:
        try:
            with open_scope(**here, person_id=learner.person_id):
                act()
        finally:
            connections.close_all()

    waits = threading.Thread(target=run)
    with open_scope(**here):
        author = Membership.objects.select_related("person").get(person__email="a@example.org")
    with open_scope(**here, person_id=author.person_id), connection.cursor() as cursor:
        assignment_set(assignment=assignment, is_anonymous=True, by=author)
        waits.start()
        for _try in range(6000):  # a minute, on a machine that others use as well
            # Of pg_locks: pg_stat_activity stays as it was when this transaction first looked.
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0] or not waits.is_alive():
                break
            waits.join(0.01)
    waits.join(120)
    with open_scope(**here):
        round = Round.objects.select_related("submission").get()
    assert round.state == RoundState.SUBMITTED
    return round.turn_at == round.submitted_at, bool(round.submission.pseudonym)


@pytest.mark.parametrize("is_begun", [True, False])
def test_what_is_handed_in_while_names_are_hidden_keeps_no_minute_and_has_a_pseudonym(desk, is_begun):
    assignment, learner = desk
    if is_begun:
        with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
            round_start(assignment=assignment, by=learner)

    def begin_and_submit() -> None:
        draft = round_start(assignment=assignment, by=learner)
        round_submit(round=round_save(round=draft, text="Mine", by=learner), by=learner)

    assert handed_in_while_names_are_hidden(assignment, learner, begin_and_submit) == (False, True)


def test_the_naive_control_of_hiding_names_keeps_the_minute(desk):
    """It holds the hand-in only, as everything did before names were held."""
    assignment, learner = desk
    with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
        draft = round_start(assignment=assignment, by=learner)

    def naive() -> None:
        held = Submission.objects.select_for_update(of=("self",), no_key=True).select_related("assignment")
        draft.submission = held.get(pk=draft.submission_id)
        draft.state, draft.submitted_at = RoundState.SUBMITTED, clock.now()
        turn_set(round=draft)
        draft.save()

    assert handed_in_while_names_are_hidden(assignment, learner, naive)[0], "it goes by a rule that is no more"


def test_a_marker_who_leaves_while_their_work_is_shared_out_holds_nobody_up(desk):
    """One holds the hand-ins and wants the marker to stay, the other lets the marker go and takes their work back."""
    assignment, learner = desk
    with open_scope(environment_id=learner.environment_id, person_id=learner.person_id):
        draft = round_start(assignment=assignment, by=learner)
        round_save(round=draft, text="Mine.", by=learner)
        round = round_submit(round=draft, by=learner)
    with open_scope(environment_id=learner.environment_id):
        admin, gone = (
            member_add(email=f"{role}@example.org", name="M", roles=[role]) for role in ("admin", "instructor")
        )
        rounds_allocate(rounds=[round], marker=gone, by=admin)
    holds, refused = threading.Event(), []

    def run(act: Callable[[], object]) -> None:
        try:
            with open_scope(environment_id=admin.environment_id, person_id=admin.person_id):
                act()
        except Exception as error:  # noqa: BLE001 -- looked at below
            refused.append(type(error))
        finally:
            connections.close_all()

    def share_out() -> None:
        submissions_held(pks=[round.submission_id])
        holds.set()
        time.sleep(0.5)  # until the other has let the marker go
        rounds_allocate(rounds=[round], marker=gone, by=admin)

    def leave() -> None:
        holds.wait(60)
        members_end(memberships=[gone], by=admin)

    threads = [threading.Thread(target=run, args=(act,)) for act in (share_out, leave)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert refused == [HandinError]
    with open_scope(environment_id=learner.environment_id):
        assert Round.objects.get().marker_id is None
