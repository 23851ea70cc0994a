from events.forms.planning import EventForm, SessionForm
from events.forms.rules import RulesForm
from events.forms.seats import DecideForm, GiveForm, MoveForm, PassForm, ReasonForm

__all__ = [
    "DecideForm",
    "EventForm",
    "GiveForm",
    "MoveForm",
    "PassForm",
    "ReasonForm",
    "RulesForm",
    "SessionForm",
]
