"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with OWASP's first recommendation: 19 MiB, two passes, one lane.

    Django's 100 MiB in eight lanes cost 300 ms here, and eight people signing in at once took 800 MB: the lock on the
    door was a way to bring the house down. Hashes made with other settings are made anew at the next sign-in.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
