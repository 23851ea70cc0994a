"""Tasks of one environment: ids in, scope opened, one service called."""

from typing import Any

from celery.contrib.django.task import DjangoTask

from ecosystem.scope import open_scope


class ScopedTask(DjangoTask):
    """A task that runs inside the scope of one environment (and person, when given).

    Every task takes ``environment_id`` plus primary keys, never rows, and may be delivered twice. Start it
    with ``delay_on_commit`` only.
    """

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with open_scope(environment_id=kwargs["environment_id"], person_id=kwargs.get("person_id")):
            return super().__call__(*args, **kwargs)
