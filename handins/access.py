"""Who may do what with hand-ins: authors make assignments, whoever marks somebody's work gives feedback on it."""

from django.db.models import Q

from ecosystem.models import Membership, Power
from ecosystem.rules import may_somewhere
from ecosystem.spans import span_of

may_review = may_somewhere(Power.MARK)


def work_of(membership: Membership) -> Q:
    """Rows with ``element_id`` and ``person_id`` about work that this person marks."""
    return span_of(membership, Power.MARK).of_work()
