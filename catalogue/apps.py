from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "catalogue"

    def ready(self) -> None:
        from catalogue import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
