"""Discussions for other software."""

from social.api.discussions import DiscussionViewSet
from social.api.posts import PostViewSet
from social.api.threads import ThreadViewSet

__all__ = ["DiscussionViewSet", "PostViewSet", "ThreadViewSet"]
