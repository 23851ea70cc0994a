"""Names that other apps see."""

REMINDER = "memo-reminder"  # kind of the daily notice, stoppable by mail
ASKING = "memo-asking"  # kind of the one question after reminders that nobody answered
