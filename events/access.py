"""Who may do what with events: organisers all of them here, everybody else their own seat."""

from ecosystem.models import Power
from ecosystem.rules import may

may_organise = may(Power.MANAGE_EVENTS)
