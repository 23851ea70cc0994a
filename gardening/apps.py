from django.apps import AppConfig


class GardeningConfig(AppConfig):
    name = "gardening"
