from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LtiConfig(AppConfig):
    name = "lti"
    verbose_name = _("External tools")

    def ready(self) -> None:
        from lti import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
