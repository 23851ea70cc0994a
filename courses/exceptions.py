from ecosystem.exceptions import EcosystemError


class CourseError(EcosystemError):
    """A refusal about courses."""
