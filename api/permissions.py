"""A route without a declared rule lets nobody in."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request


class DeclaredRule(BasePermission):
    """The view's ``rule`` (ecosystem.rules) decides; a token must carry the scope ``read`` or ``write``."""

    message = "Your role, or the scopes of your token, do not allow this."

    def has_permission(self, request: Request, view: Any) -> bool:
        # First: finding out who asks is what fills in `membership`.
        token = request.auth
        rule = getattr(type(view), "rule", None)
        if rule is None or not rule(request._request.membership):
            return False
        needed = "read" if request.method in SAFE_METHODS else "write"
        return token is None or needed in token.scopes


class SignedInPage(BasePermission):
    """Not with a token, whatever its scopes: so that a token can never make itself another one."""

    message = "Only on a page where you are signed in, not with a token."

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is None
