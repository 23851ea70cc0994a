from ecosystem.exceptions import EcosystemError


class AssessmentError(EcosystemError):
    """Something about banks, assessments or attempts that cannot be done."""


class QuestionError(AssessmentError):
    """The question cannot be asked as it is written."""


class NotOpenError(AssessmentError):
    """It is too early or too late to start."""


class PasswordError(AssessmentError):
    """The password of the assessment is another one."""


class AttemptLimitError(AssessmentError):
    """No attempt is left, or not yet."""


class StateError(AssessmentError):
    """What is asked for does not fit how far the attempt is."""


class AttemptFinishedError(StateError):
    """The attempt is finished: its answers stay as they are."""


class AnswerSettledError(StateError):
    """The person has seen whether this answer is right: it stays as it is."""


class OrderError(StateError):
    """Another question than the one that is on, where one can only go forward."""


class AnswerError(AssessmentError):
    """The answer cannot be kept."""


class MarkError(AssessmentError):
    """The mark cannot be given."""
