"""Tests with real processes: web server, Celery worker, beat, browser, and faults in each."""
