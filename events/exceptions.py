from ecosystem.exceptions import EcosystemError


class EventError(EcosystemError):
    """A refusal about events and seats."""
