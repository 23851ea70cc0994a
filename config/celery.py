"""The Celery application. Queues: interactive (someone waits), default, bulk (hours are fine)."""

import logging.config
import os
from typing import Any

from celery import Celery, signals
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


app = Celery("grove", fixups={"config.kept_connections:fixup"})
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_the_web_does(**_: Any) -> None:
    """Instead of Celery's own layout of lines."""
    logging.config.dictConfig(settings.LOGGING)


@signals.celeryd_init.connect
def wait_longer_for_the_broker(conf: Any, **_: Any) -> None:
    """Nobody waits for a worker, and it must not take a slow moment of the broker for its end."""
    conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": 10}
