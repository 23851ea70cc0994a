"""A route without a declared rule lets nobody in."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class DeclaredRule(BasePermission):
    """The view's ``rule`` (ecosystem.rules) decides; a token must carry the scope ``read`` or ``write``."""

    message = "Your role has no access to this."

    def has_permission(self, request: Request, view: Any) -> bool:
        rule = getattr(type(view), "rule", None)
        if rule is None or not rule(request._request.membership):
            return False
        needed = "read" if request.method in SAFE_METHODS else "write"
        return request.auth is None or needed in request.auth.scopes
