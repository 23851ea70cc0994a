from ecosystem.exceptions import EcosystemError


class CourseError(EcosystemError):
    """A refusal about courses."""


class DraftChangedError(CourseError):
    """Somebody else changed the same thing of a draft meanwhile; nothing was written."""
