from events.forms.asking import AnswersForm, EvaluationForm, QuestionForm, ReachForm, SeriesForm
from events.forms.planning import EquipmentForm, EventForm, SessionForm
from events.forms.prices import CodeForm, PriceForm
from events.forms.rules import RulesForm
from events.forms.seats import ChangeForm, DecideForm, GiveForm, MoveForm, PassForm, ReasonForm

__all__ = [
    "AnswersForm",
    "ChangeForm",
    "CodeForm",
    "DecideForm",
    "EquipmentForm",
    "EvaluationForm",
    "EventForm",
    "GiveForm",
    "MoveForm",
    "PassForm",
    "PriceForm",
    "QuestionForm",
    "ReachForm",
    "ReasonForm",
    "RulesForm",
    "SeriesForm",
    "SessionForm",
]
