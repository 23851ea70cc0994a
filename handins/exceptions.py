from ecosystem.exceptions import EcosystemError


class HandinError(EcosystemError):
    """A refusal about assignments and what is handed in."""
