"""What gardening adds to the site."""

from django.utils.translation import gettext_lazy as _

from ecosystem.addresses import address
from ecosystem.registry import Measure, RolePage, measures, role_pages
from ecosystem.rules import is_gardener
from gardening.selectors import budget_figure, kpi_figure

role_pages.register("garden", RolePage(_("Garden"), lambda: address("gardening:home"), is_gardener, is_term=True))
measures.register(
    "kpi",
    Measure(
        "kpi",
        _("Business signal"),
        "",
        _("The number of the organisation that the charter names, as it was entered for each month."),
        kpi_figure,
    ),
)
measures.register(
    "budget",
    Measure("budget", _("Agreed budget"), "€", _("The budget of the charter, for the whole ecosystem."), budget_figure),
)
