from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HandinsConfig(AppConfig):
    name = "handins"
    verbose_name = _("Hand-ins")

    def ready(self) -> None:
        from handins import kinds, predicates  # noqa: F401, PLC0415 -- registered once the models are loaded
