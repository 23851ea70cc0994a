from ecosystem.exceptions import EcosystemError


class CatalogueError(EcosystemError):
    """A refusal about offers."""
