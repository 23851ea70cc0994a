"""The Celery application. Queues: interactive (someone waits), default, bulk (hours are fine)."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


app = Celery("grove")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Instead of Celery's own layout of lines."""
    logging.config.dictConfig(settings.LOGGING)
