from ecosystem.exceptions import EcosystemError


class ContentError(EcosystemError):
    """A refusal about pages, files, links, videos or packages."""


class PageChangedError(ContentError):
    """Somebody else saved the page in the meantime. ``revision`` is the number of what is there now."""

    def __init__(self, reason: str, *, revision: int) -> None:
        super().__init__(reason)
        self.revision = revision


class StatementKnownError(ContentError):
    """There is another statement with this id."""
