from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"

    def ready(self) -> None:
        from certificates import kinds  # noqa: F401, PLC0415 -- registered once the models are loaded
