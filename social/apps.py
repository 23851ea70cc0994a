from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialConfig(AppConfig):
    name = "social"
    verbose_name = _("Discussions")

    def ready(self) -> None:
        from social import kinds, predicates  # noqa: F401, PLC0415 -- registered once the models are loaded
