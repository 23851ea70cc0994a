from ecosystem.exceptions import EcosystemError


class ApiError(EcosystemError):
    """A refusal about tokens, applications or webhooks."""
