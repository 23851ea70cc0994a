from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RecordsConfig(AppConfig):
    name = "records"

    def ready(self) -> None:
        from records import predicates  # noqa: F401, PLC0415 -- registered once the models are loaded

        autodiscover_modules("reactions")
