"""Names that other apps see."""

REMINDER = "memo-reminder"  # kind of the daily notice, stoppable by mail
ASKING = "memo-asking"  # kind of the one question after reminders that nobody answered

IGNORED_AT_MOST = 3  # reminders without an answer; after them one question whether to go on, then silence
