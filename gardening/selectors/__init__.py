from gardening.selectors.care import Care, care_list, charter_of_environment
from gardening.selectors.ecosystem_map import Edge, GardenMap, garden_map
from gardening.selectors.figures import budget_figure, kpi_figure
from gardening.selectors.inventory import Item, inventory
from gardening.selectors.panel import Panel, panel_of

__all__ = [
    "Care",
    "Edge",
    "GardenMap",
    "Item",
    "Panel",
    "budget_figure",
    "care_list",
    "charter_of_environment",
    "garden_map",
    "inventory",
    "kpi_figure",
    "panel_of",
]
