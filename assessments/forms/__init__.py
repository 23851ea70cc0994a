"""What browsers send, and what may be typed about banks, quizzes and marks."""
