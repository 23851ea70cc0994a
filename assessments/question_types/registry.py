"""Which question types there are. A new type is a module beside this one and a line here."""

from django.utils.functional import Promise

from assessments.question_types.base import QuestionType
from assessments.question_types.cloze import Cloze
from assessments.question_types.drag_text import DragText
from assessments.question_types.essay import Essay
from assessments.question_types.file_upload import FileUpload
from assessments.question_types.gap_select import GapSelect
from assessments.question_types.hotspot import Hotspot
from assessments.question_types.likert import Likert
from assessments.question_types.matching import Matching
from assessments.question_types.multiple import Multiple
from assessments.question_types.numeric import Numeric
from assessments.question_types.ordering import Ordering
from assessments.question_types.short_text import ShortText
from assessments.question_types.single import Single
from assessments.question_types.true_false import TrueFalse

_ALL: tuple[QuestionType, ...] = (
    Single(),
    Multiple(),
    TrueFalse(),
    ShortText(),
    Numeric(),
    Matching(),
    Ordering(),
    GapSelect(),
    DragText(),
    Cloze(),
    Hotspot(),
    Essay(),
    FileUpload(),
    Likert(),
)
QUESTION_TYPES: dict[str, QuestionType] = {kind.key: kind for kind in _ALL}


class UnknownQuestionTypeError(LookupError):
    """No question type has this key."""


def question_type(key: str) -> QuestionType:
    """Return the type with this key, or raise UnknownQuestionTypeError naming those there are."""
    try:
        return QUESTION_TYPES[key]
    except KeyError:
        known = ", ".join(QUESTION_TYPES)
        raise UnknownQuestionTypeError(f"There is no question type {key!r}; there are {known}.") from None


def question_type_choices() -> list[tuple[str, Promise | str]]:
    """Return (key, label) of every type, for a model field or a form."""
    return [(kind.key, kind.label) for kind in _ALL]
