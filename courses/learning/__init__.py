"""What decides what somebody can do in a course today: facts, dates, gates, progress, workload."""
