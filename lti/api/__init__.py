"""Activities in external tools for other software. Tools themselves are registered on a page only."""

from lti.api.activities import ToolActivityViewSet
from lti.api.tools import ToolViewSet

__all__ = ["ToolActivityViewSet", "ToolViewSet"]
