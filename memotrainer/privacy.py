"""What daily cards know about people."""

from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare
from memotrainer.models import Card, Review, Trainer

AS_MEMBER = _("while somebody is a member, and until they are erased")
PURPOSE = _("to ask each question when it is about to be forgotten")

declare(Card, "person", purpose=PURPOSE, retention=AS_MEMBER, on_erase=OnErase.DELETE)
declare(Review, "person", "response", "rating", purpose=PURPOSE, retention=AS_MEMBER, on_erase=OnErase.DELETE)
declare(
    Trainer,
    "person",
    purpose=_("to remind somebody at the hour they chose"),
    retention=AS_MEMBER,
    on_erase=OnErase.DELETE,
)
