from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from reporting import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
