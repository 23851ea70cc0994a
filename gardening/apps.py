from django.apps import AppConfig


class GardeningConfig(AppConfig):
    name = "gardening"

    def ready(self) -> None:
        from gardening import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
