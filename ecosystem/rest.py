"""What routes of all apps share: who asks, and what was sent."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from ecosystem.models import Membership


class Asked:
    """For view sets whose answers depend on who asks."""

    request: Any

    @property
    def by(self) -> Membership:
        found: Membership = self.request._request.membership
        return found


def valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """What the caller sent, checked."""
    wish = serializer(data=request.data)
    wish.is_valid(raise_exception=True)
    return dict(wish.validated_data)
