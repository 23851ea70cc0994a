from django.apps import AppConfig


class MemotrainerConfig(AppConfig):
    name = "memotrainer"

    def ready(self) -> None:
        from memotrainer import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
