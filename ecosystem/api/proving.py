"""Sensitive acts over the API, as on the pages: a session must have shown who it is lately."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request

from ecosystem.proof import is_proven


def refuse_unproven(request: Request) -> None:
    """For the session of a page. A key was made with proof, and carries only the scopes it was given."""
    if request.auth is None and not is_proven(request._request):
        raise PermissionDenied(_("Show first that it is you: open /accounts/reauthenticate/ and try again."))
