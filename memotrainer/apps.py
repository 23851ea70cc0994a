from django.apps import AppConfig


class MemotrainerConfig(AppConfig):
    name = "memotrainer"
