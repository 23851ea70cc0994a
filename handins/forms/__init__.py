"""What may be typed about assignments, hand-ins, teams and feedback."""
