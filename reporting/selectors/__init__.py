from reporting.selectors.ecosystem import Card, Report, ecosystem_report

__all__ = ["Card", "Report", "ecosystem_report"]
