"""Why a question is not in a file, or not all of it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


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
    return _("%(format)s cannot carry this question (%(kind)s, %(what)s).") % {
        "format": format_name,
        "kind": label,
        "what": error.what,
    }
