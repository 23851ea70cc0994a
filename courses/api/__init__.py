"""Courses for other software, one file per thing."""
