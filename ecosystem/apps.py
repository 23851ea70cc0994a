from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class EcosystemConfig(AppConfig):
    name = "ecosystem"
    verbose_name = _("Ecosystem")

    def ready(self) -> None:
        from ecosystem import checks, kinds, signals  # noqa: F401, PLC0415 -- registered once the models are loaded

        autodiscover_modules("privacy")  # each app says what it knows about people
