from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "content"

    def ready(self) -> None:
        from content import kinds, predicates  # noqa: F401, PLC0415 -- registered once the models are loaded
