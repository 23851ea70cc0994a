"""What people read, watch, work through and look up, and where each person is with it."""

from content.models.files import Document, Video, Watching
from content.models.links import Link, LinkState
from content.models.packages import (
    Launch,
    LaunchStatement,
    Package,
    PackageFile,
    PackageUnit,
    Standard,
    UnitDocument,
    UnitState,
    UnitStatus,
)
from content.models.pages import Image, Page, PageVersion
from content.models.support import MissedSearch, Tick

__all__ = [
    "Document",
    "Image",
    "Launch",
    "LaunchStatement",
    "Link",
    "LinkState",
    "MissedSearch",
    "Package",
    "PackageFile",
    "PackageUnit",
    "Page",
    "PageVersion",
    "Standard",
    "Tick",
    "UnitDocument",
    "UnitState",
    "UnitStatus",
    "Video",
    "Watching",
]
