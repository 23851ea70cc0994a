from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("Learning records")

    def ready(self) -> None:
        from records import predicates  # noqa: F401, PLC0415 -- registered once the models are loaded

        autodiscover_modules("reactions")
