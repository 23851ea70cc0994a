"""Addresses with planted holes, each of another kind, and harmless neighbours. The attack must find exactly the holes.

They run in a database without row-level security: as if scope and policies had both been forgotten.
"""

from config.urls import urlpatterns as site
from tests.guards import cross_harmless, cross_holes_showing, cross_holes_telling, cross_holes_writing

# Of everybody who attacks, those who find them: each hole is open to one of these.
ROLES = frozenset({"visitor", "admin", "both", "token"})
HARMLESS = cross_harmless.HARMLESS
HOLES = [*cross_holes_showing.HOLES, *cross_holes_telling.HOLES, *cross_holes_writing.HOLES]
urlpatterns = [*HOLES, *HARMLESS, *site]  # error pages need the addresses of the site
