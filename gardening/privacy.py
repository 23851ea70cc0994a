"""What the garden knows about people."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ecosystem.personal_data import OnErase, declare, no_personal_data
from gardening.models import Charter, Kpi, KpiValue, Placement

declare(
    Charter,
    "sponsor", "champion",
    purpose=_("to know who stands behind the ecosystem"),
    retention=_("as long as the environment exists"),
    on_erase=OnErase.KEEP,
    because=_("it only points at the person, who has no name any more"),
    rows=lambda person: Q(sponsor_id=person.pk) | Q(champion_id=person.pk),
)  # fmt: skip
no_personal_data(Kpi, "a number of the organisation")
no_personal_data(KpiValue, "a number of the organisation")
no_personal_data(Placement, "where an element stands on the map")
