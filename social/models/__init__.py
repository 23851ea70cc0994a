from social.models.discussions import Discussion
from social.models.posts import Participation, Post, Room, Thread, ThreadSeen

__all__ = ["Discussion", "Participation", "Post", "Room", "Thread", "ThreadSeen"]
