from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class EcosystemConfig(AppConfig):
    name = "ecosystem"
    verbose_name = _("Ecosystem")

    def ready(self) -> None:
        from ecosystem import checks, kinds, people_predicates, signals  # noqa: F401, PLC0415 -- registered once the models are loaded
        from ecosystem.each_thread import each_thread_by_itself  # noqa: PLC0415
        from ecosystem.postgresql.columns import columns_by_hand  # noqa: PLC0415 -- loads models
        from ecosystem.postgresql.conditions import conditions_by_hand  # noqa: PLC0415
        from ecosystem.postgresql.rows import rows_by_hand  # noqa: PLC0415
        from ecosystem.telemetry import working  # noqa: F401, PLC0415 -- hears Celery's signals

        each_thread_by_itself()
        columns_by_hand()
        conditions_by_hand()
        rows_by_hand()
        autodiscover_modules("privacy")  # each app says what it knows about people
        autodiscover_modules("gauges")  # and which figures of its own those who run it want
        if settings.SENTRY_DSN:
            from ecosystem.telemetry.reports import report_errors  # noqa: PLC0415 -- a second to import

            report_errors(dsn=settings.SENTRY_DSN)
