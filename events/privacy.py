"""What events know about people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare, no_personal_data
from events.models import (
    Attendance,
    CalendarFeed,
    Charge,
    Draw,
    Equipment,
    EquipmentUse,
    Evaluation,
    Event,
    EventAnswer,
    EventCode,
    EventQuestion,
    Seat,
    Series,
    Session,
)

AS_LONG = _("as long as the environment exists")
POINTS = _("numbers about events need everybody; they point at a person who has no name any more")

no_personal_data(Event, "what an event is for everybody; its makers are in the credits")
no_personal_data(Equipment, "a thing that is lent out")
no_personal_data(EquipmentUse, "which session has which thing")
no_personal_data(EventCode, "a word that opens an event; who used it is in the prices of seats")
no_personal_data(Series, "how often something repeats")
no_personal_data(EventQuestion, "what an event asks, not what anybody answers")
no_personal_data(Draw, "numbers of seats in the order drawn; whose they are is in the seats only")
declare(
    Session,
    "trainer",
    purpose=_("to know who trains, and that nobody trains in two places at once"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=POINTS,
    rows=lambda person: Q(trainer=person),
)
declare(
    Seat,
    "person", "state", "asked_at", "rank", "reason", "approved_at", "completed_at", "town", "in_calendar",
    purpose=_("to know who comes, and who waits"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"reason": "", "town": ""},
)  # fmt: skip
declare(
    Charge,
    "person", "price", "currency", "cost_centre", "said_at",
    purpose=_("to invoice what a seat costs"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=_("what was invoiced has to be kept; it points at a person who has no name any more"),
)  # fmt: skip
declare(
    Attendance,
    "person", "presence",
    purpose=_("to know who was there"),
    retention=AS_LONG,
    on_erase=OnErase.KEEP,
    because=POINTS,
)  # fmt: skip
declare(
    CalendarFeed,
    "person", "made_at", "read_at",
    purpose=_("to let a calendar program read somebody's sessions"),
    retention=_("until it is taken back or replaced"),
    on_erase=OnErase.DELETE,
    hidden=("digest", "password_mark"),
)  # fmt: skip
declare(
    EventAnswer,
    "person", "text", "said_at",
    purpose=_("to arrange what people need at an event"),
    retention=AS_LONG,
    on_erase=OnErase.DELETE,
)  # fmt: skip
declare(
    Evaluation,
    "person", "score", "words", "said_at",
    purpose=_("to make events better"),
    retention=AS_LONG,
    on_erase=OnErase.ANONYMISE,
    blank={"words": ""},
)  # fmt: skip
