"""An assignment with a rubric of four criteria, its author, a marker, and people who hand in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from ecosystem.models import Membership
from ecosystem.scope import open_scope
from handins.models import Assignment, PeerPhase, Round
from handins.services import assignment_make, round_save, round_start, round_submit
from handins.services.peers import peer_plan_set, peers_open

HOUR = timedelta(hours=1)
NAMES = ("Care", "Clarity", "Safety", "Reflection")
CRITERIA = [
    {
        "title": name,
        "weight": 1,
        "levels": [{"title": word, "points": n} for n, word in enumerate(("no", "some", "yes"))],
    }
    for name in NAMES
]


@contextmanager
def within(membership: Membership) -> Iterator[None]:
    with open_scope(environment_id=membership.environment_id, person_id=membership.person_id):
        yield


def levels(*points: int) -> dict[str, int]:
    return {str(place): point for place, point in enumerate(points)}


def pdf(name: str = "plan.pdf", content: bytes = b"%PDF-1.7 my plan") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.fixture
def author(member) -> Membership:
    return member("author", name="Ada")


@pytest.fixture
def marker(member) -> Membership:
    return member("instructor", name="Mia")


@pytest.fixture
def make_assignment(author) -> Callable[..., Assignment]:
    def make(*, title: str = "My plan", criteria: Any = CRITERIA, **facts: Any) -> Assignment:
        with within(author):
            said = {"markdown": "Write **your** plan.", "takes_files": True, "pass_mark": 60, **facts}
            return assignment_make(title=title, criteria=criteria, by=author, **said)

    return make


@pytest.fixture
def handed_in() -> Callable[..., Round]:
    """``handed_in(assignment, person)``: the next round of the person, written and handed in."""

    def make(assignment: Assignment, person: Membership, text: str = "I do this and that.") -> Round:
        with within(person):
            draft = round_start(assignment=assignment, by=person)
            round_save(round=draft, text=text, by=person)
            return round_submit(round=draft, by=person, declares=True)

    return make


@pytest.fixture
def planned(make_assignment, author):
    """``planned(...)``: an assignment with a plan whose reviewing opens an hour ago and closes tomorrow evening."""

    def make(assignment=None, **facts):
        found = assignment or make_assignment()
        now = timezone.now()
        said = {"is_on": True, "each": 2, "opens_at": now - HOUR, "closes_at": now + 40 * HOUR, **facts}
        with within(author):
            peer_plan_set(assignment=found, by=author, **said)
        return found

    return make


@pytest.fixture
def running(planned, member, handed_in, marker):
    """Four people who have handed in, and the phase, open."""

    def make(count: int = 4, **facts):
        assignment = planned(**facts)
        people = [member(name=f"Learner {n}") for n in range(count)]
        for n, one in enumerate(people):
            handed_in(assignment, one, text=f"Work of {n}")
        with within(marker):
            phase = PeerPhase.objects.get()
            peers_open(phase=phase, by=marker)
        return assignment, people, phase

    return make
