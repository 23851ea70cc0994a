from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError


class HandinError(EcosystemError):
    """A refusal about assignments and what is handed in."""


class ClashError(HandinError):
    """Other words were saved since, by another of the team or in another tab."""


class WrongOffsetError(HandinError):
    """A part of a file that is not the next one; ``offset`` is where that begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(_("Of this file %(bytes)s bytes are here. Go on from there.") % {"bytes": offset})
        self.offset = offset
