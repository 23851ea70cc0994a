"""Seeing the site as somebody else: read-only, and nothing of it is kept."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from ecosystem.models import Membership
from ecosystem.powers import with_hints
from ecosystem.services.viewing import may_view_as, viewing_end
from ecosystem.signals import SESSION_VIEWING

END = "/delegations/view-as/end/"
READING = ("GET", "HEAD", "OPTIONS")


class ViewingMiddleware:
    """Puts the other's membership in place of one's own while the half hour lasts and one may; refuses what writes.

    The scope keeps the person who really asks, so own rows of the other in other environments stay closed; so does
    ``request.user``. The transaction is undone in any case.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "membership", None) is None or SESSION_VIEWING not in request.session:
            return self.get_response(request)
        ending = request.path == END and request.method == "POST"
        if self.put_on(request, ending=ending):
            request.undo = True  # type: ignore[attr-defined]
        if request.method not in READING and not ending:
            return render(request, "ecosystem/view_as_refused.html", status=403)
        return self.get_response(request)

    @staticmethod
    def put_on(request: HttpRequest, *, ending: bool) -> bool:
        """True when this request sees as the other; what is over is taken off and written down."""
        viewer, kept = request.membership, request.session[SESSION_VIEWING]  # type: ignore[attr-defined]
        rows = with_hints(Membership.objects.select_related("person").filter(pk=kept["membership"], ended_at=None))
        other = rows.first()
        over = timezone.now().timestamp() >= kept["until"]
        if ending or over or other is None or not may_view_as(membership=other, by=viewer):
            del request.session[SESSION_VIEWING]
            viewing_end(membership=other, by=viewer)
            return False
        request.viewer, request.membership = viewer, other  # type: ignore[attr-defined]
        return True
