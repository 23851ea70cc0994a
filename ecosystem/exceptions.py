class EcosystemError(Exception):
    """A refusal that the person may read: the message says what happened and what to do."""
