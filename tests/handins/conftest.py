"""An assignment with a rubric of four criteria, its author, a marker, and people who hand in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ecosystem.models import Membership
from ecosystem.scope import open_scope
from handins.models import Assignment, Round
from handins.services import assignment_make, round_save, round_start, round_submit

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
