"""What is typed, one file per kind of page."""
