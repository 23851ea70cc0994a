from typing import Any

from django.core.management.base import BaseCommand

from notifications.webpush import new_private_key


class Command(BaseCommand):
    help = "Make the key with which this installation signs web pushes. A new one makes every device subscribe again."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"GROVE_VAPID_KEY={new_private_key()}")
