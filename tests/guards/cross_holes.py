"""Addresses with planted holes, each of another kind, and harmless neighbours. The attack must find exactly the holes.

They run in a database without row-level security: as if scope and policies had both been forgotten.
"""

from config.urls import urlpatterns as site
from tests.guards import (
    cross_harmless,
    cross_holes_keeping,
    cross_holes_rest,
    cross_holes_roles,
    cross_holes_showing,
    cross_holes_telling,
    cross_holes_writing,
)

# Of everybody who attacks, those who find them: each hole is open to one of these, and some to others only.
ROLES = frozenset({"visitor", "admin", "both", "token"})
OTHERS = frozenset({"both", "gardener", "learner"})
HARMLESS = cross_harmless.HARMLESS
HOLES = [
    *cross_holes_keeping.HOLES,
    *cross_holes_rest.HOLES,
    *cross_holes_roles.HOLES,
    *cross_holes_showing.HOLES,
    *cross_holes_telling.HOLES,
    *cross_holes_writing.HOLES,
]
urlpatterns = [*HOLES, *HARMLESS, *site]  # error pages need the addresses of the site
FOR_OTHERS = {str(one.pattern) for one in cross_holes_roles.HOLES}


def roles_of(template: str) -> frozenset[str]:
    return OTHERS if template in FOR_OTHERS else ROLES
