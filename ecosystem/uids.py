"""Random ids as they come from outside."""

from uuid import UUID


def uid_of(text: str) -> UUID | None:
    """None for what is no uid: no row has that."""
    try:
        return UUID(text)
    except ValueError:
        return None
