from ecosystem.exceptions import EcosystemError


class CardError(EcosystemError):
    """A refusal about cards."""


class UnknownCardError(CardError):
    """The person has no such card."""
