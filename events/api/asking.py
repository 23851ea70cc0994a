"""What the doors of events share."""

from __future__ import annotations

from rest_framework.exceptions import PermissionDenied

from ecosystem.rest import Asked
from events.access import may_organise


class Ours(Asked):
    """What those share which organisers use."""

    def only_organisers(self) -> None:
        if not may_organise(self.by):
            raise PermissionDenied("Only who organises events can do that.")
