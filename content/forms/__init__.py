"""What authors fill in."""
