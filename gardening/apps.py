from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GardeningConfig(AppConfig):
    name = "gardening"
    verbose_name = _("Gardening")

    def ready(self) -> None:
        from gardening import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
