from ecosystem.exceptions import EcosystemError


class NotificationsError(EcosystemError):
    """A refusal about notices and mail."""
