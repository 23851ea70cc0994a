from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        from assessments import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
