"""What learning records know about people."""

from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare, no_personal_data
from records.models import Delivery, Fact, Statement

declare(
    Statement,
    "person",
    "result",
    "context",
    purpose=_("to know what was learnt, and to improve it"),
    retention=_("as long as the environment exists"),
    on_erase=OnErase.KEEP,
    because=_("records are never changed; they point at a person who has no name any more"),
)
declare(
    Fact,
    "person",
    "best",
    purpose=_("to know what opens next"),
    retention=_("as long as the environment exists"),
    on_erase=OnErase.KEEP,
    because=_("records are never changed; they point at a person who has no name any more"),
)
no_personal_data(Delivery, "which reaction saw which record")
