from django.apps import AppConfig


class EcosystemConfig(AppConfig):
    name = "ecosystem"

    def ready(self) -> None:
        from ecosystem import checks, kinds, signals  # noqa: F401, PLC0415 -- registered once the models are loaded
