from ecosystem.exceptions import EcosystemError


class CertificateError(EcosystemError):
    """A refusal about certificates."""
