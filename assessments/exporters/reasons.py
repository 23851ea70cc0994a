"""Why a question is not in a file, or not all of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.question_types.registry import QUESTION_TYPES

# What a format has no place for, in words for an author; what is not here is said as it is.
THINGS = {
    "all_or_nothing": gettext_lazy("all or nothing"),
    "negative": gettext_lazy("wrong answers cost points"),
    "choices": gettext_lazy("every answer is right"),
    "fraction": gettext_lazy("what an answer is worth"),
    "case_sensitive": gettext_lazy("capitals count"),
    "ignore_accents": gettext_lazy("accents do not count"),
    "unit": gettext_lazy("unit"),
    "figures": gettext_lazy("significant figures"),
    "tolerance_kind": gettext_lazy("tolerance as a share or in figures"),
    "*": gettext_lazy("a pattern with a star"),
    "feedback": gettext_lazy("what is said to an answer"),
    "answers": gettext_lazy("several right numbers"),
    "grading": gettext_lazy("points for a part of the order"),
    "group": gettext_lazy("groups of words"),
    "cloze": gettext_lazy("a single gap"),
    "several": gettext_lazy("several right places"),
    "areas": gettext_lazy("no single right place"),
    "template": gettext_lazy("limits, notes or a text to begin with"),
    "marker_notes": gettext_lazy("notes for who marks it"),
    "minimum_words": gettext_lazy("fewest words"),
    "maximum_words": gettext_lazy("most words"),
    "endings": gettext_lazy("limits to files, or notes"),
}


class NotCarriedError(ValueError):
    """The format has no place for this; `what` is the name of the thing in the body, or a type."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A question that is not in the file, with the reason."""

    identifier: str
    name: str
    reason: str


def reason_of(error: NotCarriedError, *, format_name: str, label: str) -> str:
    """``label`` is the name of the question's type, which is said once where the type itself is the reason."""
    kind = QUESTION_TYPES.get(error.what)
    what = str(kind.label if kind is not None else THINGS.get(error.what, error.what))
    said = {"format": format_name, "kind": label, "what": what}
    if what == label:
        return _("%(format)s cannot carry this question (%(kind)s).") % said
    return _("%(format)s cannot carry this question (%(kind)s, %(what)s).") % said
