class EcosystemError(Exception):
    """A refusal that the person may read: the message says what happened and what to do."""


class PdfError(Exception):
    """A document could not be made now; the message is for the log."""
