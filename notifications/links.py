"""Addresses in letters and pushes. The one place that decides by which way a person comes in."""

from collections.abc import Callable

from ecosystem.hosts import address_of
from ecosystem.models import Environment, Person
from ecosystem.registry import Registry

# An app above that lets people in another way (a course in an outside LMS) registers a function of person and path
# that gives the address there, or None when this person comes in by the host of the environment.
ways_in: Registry[Callable[[Person, str], str | None]] = Registry()


def link_for(*, person: Person, environment: Environment, path: str) -> str:
    """The absolute address of ``path`` for this person."""
    for way_in in ways_in:
        if address := way_in(person, path):
            return address
    return address_of(environment) + path
