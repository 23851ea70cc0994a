from ecosystem.exceptions import EcosystemError


class DeliveryError(EcosystemError):
    """A refusal about handing records to reactions."""


class FeedError(EcosystemError):
    """A place in the change feed that does not exist here."""
