"""Somebody who walks by day and by night. By night a page is the same but for its colours, so only those are looked at then."""

from typing import Any

from tests.live import axe
from tests.live.browsing import DAY, NIGHT, Scheme, Visitor

# The rules of axe that read colours. That they find what is wrong by night alone is in test_walking.py.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class Walker(Visitor):
    scheme: Scheme = DAY

    def look(self, what: str, *, shoot_desktop: bool = False) -> "Walker":
        if len(self.schemes) == 1:
            self.scheme = self.schemes[0]
        super().look(what, shoot_desktop=shoot_desktop)
        return self

    def _shown_in(self, scheme: Scheme) -> None:
        super()._shown_in(scheme)
        self.scheme = scheme

    def _axe(self) -> list[dict[str, Any]]:
        if self.scheme != NIGHT:
            return super()._axe()
        found: list[dict[str, Any]] = self.page.evaluate(axe.VIOLATIONS, COLOURS)
        return found

    def _take_picture(self, what: str, *, desk_too: bool) -> None:
        """By night where somebody walks by night alone, and in their own window: there is one of each page by day."""
        if self.scheme == DAY:
            super()._take_picture(what, desk_too=desk_too)
        elif DAY not in self.schemes:
            super()._take_picture(what, desk_too=False)
