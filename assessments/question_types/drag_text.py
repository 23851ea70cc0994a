"""A text with gaps to which words are dragged; without a mouse or JavaScript each gap is a list."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from assessments.question_types.base import Body, items_in, shown_text, text_in
from assessments.question_types.gap_select import GapSelect, choice_names, places_shown


class DragText(GapSelect):
    """Body and response as for `gap_select`. The words stand below the text and are dragged or chosen; a word with
    "again": true stays there for more gaps."""

    key = "drag_text"
    label = gettext_lazy("Drag words into a text")

    def public(self, body: Body, order: Sequence[int] | None = None) -> dict[str, Any]:
        """Return what `gap_select` does, and "words": [{"value", "text", "again"}]."""
        choices, names = items_in(body, "choices"), choice_names(body)
        words = [
            {
                "value": names[n],
                "text": shown_text(text_in(choices[n], "text")),
                "again": choices[n].get("again") is True,
            }
            for n in places_shown(body, order)
        ]
        return {**super().public(body, order), "words": words}
