from ecosystem.exceptions import EcosystemError


class DeliveryError(EcosystemError):
    """A refusal about handing records to reactions."""
