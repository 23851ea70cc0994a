from ecosystem.exceptions import EcosystemError


class AssessmentError(EcosystemError):
    """Something about banks, assessments or attempts that cannot be done."""


class QuestionError(AssessmentError):
    """The question cannot be asked as it is written."""


class AttemptLimitError(AssessmentError):
    """No attempt is left."""


class AttemptFinishedError(AssessmentError):
    """The attempt is finished: its answers stay as they are."""


class AnswerError(AssessmentError):
    """The answer cannot be kept."""
