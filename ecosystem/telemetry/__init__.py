"""What Grove tells those who run it: log lines, figures, error reports. Never anything about a person."""
