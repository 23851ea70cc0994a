from ecosystem.exceptions import EcosystemError
from ecosystem.models import Element


class CourseError(EcosystemError):
    """A refusal about courses."""


class DraftChangedError(CourseError):
    """Somebody else changed the same thing of a draft meanwhile; nothing was written."""


class AlreadyHereError(CourseError):
    """The same package has been brought in before. ``course`` is what became of it."""

    def __init__(self, reason: str, *, course: Element) -> None:
        super().__init__(reason)
        self.course = course
