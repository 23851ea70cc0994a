"""May this person open this element now? Apps above answer; the pages of the elements ask.

A course registers one: an activity that is locked stays closed by its own address too. The answer is a
sentence with a way on, never an error page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ecosystem.models import Element, Membership
from ecosystem.registry import Registry


@dataclass(frozen=True)
class Closed:
    """``because`` is a whole sentence; ``href`` leads to where it can be opened."""

    because: str
    where: str
    href: str


Gate = Callable[[Membership, Element], Closed | None]
gates: Registry[Gate] = Registry()
GateAmong = Callable[[Membership, Collection[int]], set[int]]
gates_among: Registry[GateAmong] = Registry()  # the same of many elements at once, by whoever registers a gate


def closed_to(membership: Membership, element: Element) -> Closed | None:
    """Why the element is closed to the person now; None when it is open."""
    return next((closed for gate in gates if (closed := gate(membership, element)) is not None), None)


def closed_among(membership: Membership, element_ids: Collection[int]) -> set[int]:
    """Those of many elements that are closed to the person now: for lists, which leave them out."""
    if not element_ids:
        return set()
    return {found for gate in gates_among for found in gate(membership, element_ids)}


def closed_page(request: HttpRequest, element: Element) -> HttpResponse | None:
    """The page that says why the element is closed to the person, or None when it is open."""
    closed = closed_to(request.membership, element)  # type: ignore[attr-defined]
    if closed is None:
        return None
    return render(request, "ecosystem/closed.html", {"element": element, "closed": closed}, status=403)
