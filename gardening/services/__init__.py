from gardening.services.charter import charter_save, kpi_save, kpi_value_save

__all__ = ["charter_save", "kpi_save", "kpi_value_save"]
