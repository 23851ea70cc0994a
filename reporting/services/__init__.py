from reporting.services.rendering import report_pdf

__all__ = ["report_pdf"]
