"""Content for other software."""

from content.api.packages import PackageViewSet
from content.api.pages import PageViewSet
from content.api.support import MissedSearchViewSet
from content.api.things import DocumentViewSet, LinkViewSet, VideoViewSet

__all__ = ["DocumentViewSet", "LinkViewSet", "MissedSearchViewSet", "PackageViewSet", "PageViewSet", "VideoViewSet"]
