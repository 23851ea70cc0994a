"""The limit on people: how many members an environment may have at once."""

from django.utils.translation import gettext as _

from ecosystem.exceptions import EcosystemError
from ecosystem.models import Environment, Membership
from ecosystem.scope import current_scope
from ecosystem.setting_kinds import COLUMNS, setting_of


def refuse_if_full() -> None:
    """Called after a membership began, in the same transaction; refuses when that is one too many.

    The lock on the environment lets two who come at once pass one after the other; without a limit nobody waits.
    """
    here = Environment.objects.only("resolved", *COLUMNS).filter(pk=current_scope().environment_id)
    if not setting_of(here.get(), "people_limit"):
        return
    limit = setting_of(here.select_for_update(no_key=True).get(), "people_limit")
    if limit and Membership.objects.filter(ended_at=None).count() > limit:
        raise EcosystemError(
            _("All %(count)s places here are taken. End a membership first, or ask for more places.") % {"count": limit}
        )
