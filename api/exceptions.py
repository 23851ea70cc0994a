from ecosystem.exceptions import EcosystemError


class ApiError(EcosystemError):
    """A refusal about tokens, applications or webhooks."""


class UnsafeAddressError(ApiError):
    """An address outside that must not be called."""
