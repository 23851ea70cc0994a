"""A route without a declared rule lets nobody in."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from api.scopes import allows


class DeclaredRule(BasePermission):
    """The view's rules (ecosystem.rules) decide; a key must carry a scope for the view's ``area``.

    ``rule`` is for everything, ``write_rule`` for what changes something, ``rules`` for single actions.
    """

    message = "Your role, or the scopes of your token, do not allow this."

    def has_permission(self, request: Request, view: Any) -> bool:
        # First: finding out who asks is what fills in `membership`.
        key, kind = request.auth, type(view)
        rule = getattr(kind, "rules", {}).get(getattr(view, "action", None))
        writes = request.method not in SAFE_METHODS
        if rule is None and writes:
            rule = getattr(kind, "write_rule", None)
        rule = rule or getattr(kind, "rule", None)
        if rule is None or not rule(request._request.membership):
            return False
        area = getattr(kind, "area", None)
        if key is None:
            return True
        return area is not None and allows(key.scopes, area=area, verb="write" if writes else "read")


class SignedInPage(BasePermission):
    """Not with a token, whatever its scopes: so that a token can never make itself another one."""

    message = "Only on a page where you are signed in, not with a token."

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is None
