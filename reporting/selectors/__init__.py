from reporting.selectors.ecosystem import Card, Report, ecosystem_report
from reporting.selectors.figures import figure_of, measures_for, too_few

__all__ = ["Card", "Report", "ecosystem_report", "figure_of", "measures_for", "too_few"]
