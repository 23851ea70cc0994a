from ecosystem.exceptions import EcosystemError


class EventError(EcosystemError):
    """A refusal about events and seats."""


class TooManyTriesError(EventError):
    """Somebody tries codes. ``wait``: seconds until they may try again."""

    def __init__(self, message: str, *, wait: int) -> None:
        super().__init__(message)
        self.wait = wait
