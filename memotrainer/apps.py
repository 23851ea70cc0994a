from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MemotrainerConfig(AppConfig):
    name = "memotrainer"
    verbose_name = _("MemoTrainer")

    def ready(self) -> None:
        from memotrainer import kinds, predicates  # noqa: F401, PLC0415 -- registered once the models are loaded
