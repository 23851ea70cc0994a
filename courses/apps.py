from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses import conditions, kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
