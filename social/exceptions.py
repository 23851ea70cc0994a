from ecosystem.exceptions import EcosystemError


class SocialError(EcosystemError):
    """A refusal about discussions and what is written in them."""
