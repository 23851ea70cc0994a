from gardening.services.charter import charter_save, kpi_save, kpi_value_save
from gardening.services.mapping import map_layout

__all__ = ["charter_save", "kpi_save", "kpi_value_save", "map_layout"]
