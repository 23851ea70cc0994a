from events.forms.asking import AnswersForm, EvaluationForm, QuestionForm, ReachForm, SeriesForm
from events.forms.planning import EventForm, SessionForm
from events.forms.rules import RulesForm
from events.forms.seats import DecideForm, GiveForm, MoveForm, PassForm, ReasonForm

__all__ = [
    "AnswersForm",
    "DecideForm",
    "EvaluationForm",
    "EventForm",
    "GiveForm",
    "MoveForm",
    "PassForm",
    "QuestionForm",
    "ReachForm",
    "ReasonForm",
    "RulesForm",
    "SeriesForm",
    "SessionForm",
]
