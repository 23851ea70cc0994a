"""Learning records and the change feed for other software; reading only."""

from records.api.changes import Changes
from records.api.statements import StatementViewSet

__all__ = ["Changes", "StatementViewSet"]
